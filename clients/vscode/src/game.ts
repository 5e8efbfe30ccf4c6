/** Links into the game's own editor. */

import * as vscode from 'vscode';
import { isEditLink } from './edit_link';

/** Opens an `osu://edit/…` link. Anything else is refused: links may come from a page that shows strangers' maps. */
export async function openInGame(link: string): Promise<boolean> {
    if (!isEditLink(link)) {
        return false;
    }
    // Handed over as text: as a Uri its colons and commas would be escaped, which the game does not understand.
    return vscode.env.openExternal(link as unknown as vscode.Uri);
}
