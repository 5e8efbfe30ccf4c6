/** The overlay page's address as the preview panel wants it shown. */

/** `address` with the panel's wishes in its fragment, where a change of them does not load the page anew. */
export function forPanel(address: string, dark: boolean, map: string | undefined): string {
    const url = new URL(address);
    const wishes = new URLSearchParams(url.hash.replace(/^#/, ''));
    wishes.set('mode', 'preview');
    wishes.set('theme', dark ? 'dark' : 'light');
    if (map !== undefined) {
        wishes.set('map', map);
    }
    url.hash = wishes.toString();
    return url.href;
}
