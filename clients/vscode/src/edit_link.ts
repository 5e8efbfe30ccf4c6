/** Which links lead into the game's editor, and nowhere else. */

/** `osu://edit/00:14:142 (1,2)`, percent-encoded or not; of mania `(5920|3,6623|3)`. */
export function isEditLink(link: string): boolean {
    try {
        return /^osu:\/\/edit\/\d{2,3}:[0-5]\d:\d{3}( \(\d+(\|\d+)?(,\d+(\|\d+)?)*\))?$/.test(decodeURIComponent(link));
    } catch {
        // A stray % makes it no link at all.
        return false;
    }
}
