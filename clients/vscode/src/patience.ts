/** How long to wait before a server that stopped by itself is started again, and when to leave it. */

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** Stops further apart than this have nothing to do with each other. */
const MEMORY_MS = 180_000;
export const MOST_STOPS = 5;

export class Patience {
    private stops: number[] = [];

    /** Milliseconds to wait after a stop at `now` (ms), undefined when it stopped too often lately. */
    afterStop(now: number): number | undefined {
        this.stops = [...this.stops.filter((at) => now - at < MEMORY_MS), now];
        if (this.stops.length >= MOST_STOPS) {
            return undefined;
        }
        return Math.min(FIRST_WAIT_MS * 3 ** (this.stops.length - 1), LONGEST_WAIT_MS);
    }

    /** The user asked for a new start. */
    forget(): void {
        this.stops = [];
    }
}
