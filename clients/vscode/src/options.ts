/** The settings as the server wants them: the keys of maimod.toml, and only what the user has set. */

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

/** `min-surprisal` → `minSurprisal`. */
export function settingKey(key: string): string {
    return key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Defaults are left out: sent along, they would count as the user's wish and win over maimod.toml. */
export function optionsForServer(
    settings: readonly string[],
    inspect: (setting: string) => Inspected | undefined,
): Record<string, unknown> {
    const options: Record<string, unknown> = {};
    for (const setting of settings) {
        const set = inspect(setting);
        const value = set?.workspaceFolderValue ?? set?.workspaceValue ?? set?.globalValue;
        if (value !== undefined && value !== null && value !== AUTO) {
            options[serverKey(setting)] = value;
        }
    }
    return options;
}
