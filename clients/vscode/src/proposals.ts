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

/** What `maimod.timing` answers. */
export interface Timing extends Proposals {
    readonly title: string;
    readonly rows: readonly string[];
    readonly findings: readonly Cause[];
}

const bits = (value: number): string => value.toFixed(1);
export const counted = (count: number, noun: string): string => (count === 1 ? `1 ${noun}` : `${count} ${noun}s`);

/** `24 notes, 5.1 bits a note`, and beside it how that is against what stands there. */
export function scored(proposal: Proposal): { label: string; description: string } {
    const { before, after } = proposal;
    if (before === undefined || after === undefined) {
        return { label: proposal.title, description: counted(proposal.edits.length, 'change') };
    }
    const now = before.notes === 0 ? 'empty now' : `now ${counted(before.notes, 'note')}, ${bits(before.bits)} bits`;
    return { label: `${counted(after.notes, 'note')}, ${bits(after.bits)} bits a note`, description: `${bits(after.seams)} at the seams; ${now}` };
}

/** What the map would be told of then, and not now: the gravest first, in one line. */
export function caused(proposal: Proposal): string {
    const { causes, solved = 0 } = proposal;
    const gone = solved > 0 ? `solves ${counted(solved, 'finding')}` : '';
    if (causes.length === 0) {
        return gone === '' ? 'causes no finding' : `${gone}, causes none`;
    }
    const [first] = causes;
    const stamp = first?.timestamp ?? '';
    const told = `causes ${counted(causes.length, 'finding')}: ${stamp === '' ? '' : `${stamp} – `}${first?.message ?? ''}`;
    return gone === '' ? told : `${gone}, ${told}`;
}

/** The text after the changes, none of which overlap, and the line in it at which the largest one begins; characters count UTF-16 units. */
export function changed(text: string, changes: readonly TextChange[]): { text: string; line: number } {
    const starts = [0];
    for (const ending of text.matchAll(/\r\n|\r|\n/g)) {
        starts.push(ending.index + ending[0].length);
    }
    const offset = ({ line, character }: Place): number => Math.min((starts[line] ?? text.length) + character, text.length);
    let [after, at, largest, line] = ['', 0, -1, 0];
    for (const { range, newText } of [...changes].sort((one, other) => offset(one.range.start) - offset(other.range.start))) {
        const [start, end] = [offset(range.start), offset(range.end)];
        after += text.slice(at, start);
        if (newText.length + end - start > largest) {
            largest = newText.length + end - start;
            line = after.split(/\r\n|\r|\n/).length - 1;
        }
        after += newText;
        at = end;
    }
    return { text: after + text.slice(at), line };
}

/** Whether a map of that language has combos: those of osu! and osu!catch do. */
export const hasCombos = (language: string, text: string): boolean => language === 'osu' && /^Mode\s*:\s*[13]/m.exec(text) === null;

/** A map's timing beside its song, as Markdown to be looked at. */
export function timingPage({ title, rows, findings, notices }: Timing): string {
    const plainly = (text: string): string => text.replace(/[\\`*_{}[\]()#+\-.!<>|&]/g, '\\$&').replace(/\s+/g, ' ');
    const found = findings.map((each) => `* ${each.timestamp === null ? '' : `${each.timestamp} – `}${plainly(each.message)}`);
    const told = found.length === 0 ? ['Nothing disagrees with the song.'] : found;
    return [`### ${plainly(title)}`, ['```', ...rows.map((row) => row.replaceAll('`', "'")), '```'].join('\n'), told.join('\n'), ...notices.map(plainly)].join('\n\n');
}

/** The number that a user typed, with a point or a comma; undefined where it is none between the bounds. */
export function numberIn(typed: string, low: number, high: number, whole = false): number | undefined {
    const text = typed.trim().replace(',', '.');
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    return value >= low && value <= high && (!whole || Number.isInteger(value)) ? value : undefined;
}
