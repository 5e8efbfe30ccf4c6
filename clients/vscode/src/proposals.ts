/** What the server proposes in place of a part of a map, as its user reads it, and what its user may ask for. */

export interface Score {
    readonly notes: number;
    readonly bits: number;
    readonly seams: number;
    readonly density: number;
}

export interface Cause {
    readonly name: string;
    readonly severity: string;
    readonly message: string;
    readonly timestamp: string | null;
}

interface Place {
    readonly line: number;
    readonly character: number;
}

export interface TextChange {
    readonly range: { readonly start: Place; readonly end: Place };
    readonly newText: string;
}

/** One entry of `proposals` in the answers of `maimod.regenerate` and `maimod.hitsounds`; the latter have no scores. */
export interface Proposal {
    readonly proposal: number;
    readonly title: string;
    readonly candidate: number;
    readonly edits: readonly TextChange[];
    readonly before?: Score;
    readonly after?: Score;
    readonly causes: readonly Cause[];
    readonly solved?: number;
}

export interface Proposals {
    readonly uri: string;
    readonly version: number;
    readonly notices: readonly string[];
    readonly proposals: readonly Proposal[];
    readonly told?: string;
}

const bits = (value: number): string => value.toFixed(1);
export const counted = (count: number, noun: string): string => (count === 1 ? `1 ${noun}` : `${count} ${noun}s`);

/** `24 notes, 5.1 bits a note`, and beside it how that is against what stands there. */
export function scored(proposal: Proposal): { label: string; description: string } {
    const { before, after } = proposal;
    if (before === undefined || after === undefined) {
        return { label: proposal.title, description: counted(proposal.edits.length, 'change') };
    }
    const now = before.notes === 0 ? 'empty now' : `now ${counted(before.notes, 'note')}, ${bits(before.bits)}`;
    return { label: `${counted(after.notes, 'note')}, ${bits(after.bits)} bits a note`, description: `${bits(after.seams)} at the seams; ${now}` };
}

/** What the map would be told of then, and not now: the gravest first, in one line. */
export function caused(proposal: Proposal): string {
    const { causes, solved = 0 } = proposal;
    const gone = solved > 0 ? `, ${counted(solved, 'finding')} fewer` : '';
    if (causes.length === 0) {
        return `causes no finding${gone}`;
    }
    const [first] = causes;
    const stamp = first?.timestamp ?? '';
    return `causes ${counted(causes.length, 'finding')}${gone}: ${stamp === '' ? '' : `${stamp} – `}${first?.message ?? ''}`;
}

/** The text after the changes, none of which overlap; characters count UTF-16 units. */
export function changed(text: string, changes: readonly TextChange[]): string {
    const starts = [0];
    for (const ending of text.matchAll(/\r\n|\r|\n/g)) {
        starts.push(ending.index + ending[0].length);
    }
    const offset = ({ line, character }: Place): number => Math.min((starts[line] ?? text.length) + character, text.length);
    let [after, at] = ['', 0];
    for (const { range, newText } of [...changes].sort((one, other) => offset(one.range.start) - offset(other.range.start))) {
        after += text.slice(at, offset(range.start)) + newText;
        at = offset(range.end);
    }
    return after + text.slice(at);
}

/** The number that a user typed, with a point or a comma; undefined where it is none between the bounds. */
export function numberIn(typed: string, low: number, high: number, whole = false): number | undefined {
    const text = typed.trim().replace(',', '.');
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    return value >= low && value <= high && (!whole || Number.isInteger(value)) ? value : undefined;
}
