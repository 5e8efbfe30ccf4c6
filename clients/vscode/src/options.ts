/** The settings as the server wants them: by the names of maimod.toml, and only what the user has set. */

/** What is set for one setting, from the widest to the closest, as VS Code tells it. */
export interface Inspected {
    readonly globalValue?: unknown;
    readonly workspaceValue?: unknown;
    readonly workspaceFolderValue?: unknown;
}

/** The value for "as maimod.toml or the map says", which is not sent. */
export const AUTO = 'auto';

/** `minSurprisal` → `min-surprisal`. */
export function serverKey(setting: string): string {
    return setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * A default would count as the user's wish and win over maimod.toml, so null stands for what is not set. The key is there all the
 * same: an answer without any key would read as one of an editor that knows no settings.
 */
export function optionsForServer(
    settings: readonly string[],
    inspect: (setting: string) => Inspected | undefined,
): Record<string, unknown> {
    return Object.fromEntries(
        settings.map((setting) => {
            const set = inspect(setting);
            const value = set?.workspaceFolderValue ?? set?.workspaceValue ?? set?.globalValue;
            return [serverKey(setting), value === undefined || value === AUTO ? null : value];
        }),
    );
}
