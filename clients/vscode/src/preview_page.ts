/** The page around the overlay in the preview panel: a frame, and a sentence while there is nothing to show in it. */

/** `origin` is the one place that the frame may show, `nonce` a fresh secret for the page's own script and style. */
export function previewPage(origin: string, nonce: string): string {
    const policy = [
        "default-src 'none'",
        `frame-src ${origin}`,
        `script-src 'nonce-${nonce}'`,
        `style-src 'nonce-${nonce}'`,
    ].join('; ');
    return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>maimod</title>
<style nonce="${nonce}">
html, body { height: 100%; margin: 0; padding: 0; overflow: hidden; background: var(--vscode-editor-background); }
iframe { width: 100%; height: 100%; border: 0; display: block; }
</style>
</head>
<body>
<iframe id="overlay" title="maimod" allow="clipboard-write"></iframe>
<script nonce="${nonce}">
const frame = document.getElementById('overlay');
const editor = acquireVsCodeApi();
window.addEventListener('message', (event) => {
    if (event.source === frame.contentWindow) {
        if (event.origin === ${JSON.stringify(origin)}) editor.postMessage(event.data);
    } else if (typeof event.data?.show === 'string') {
        frame.src = event.data.show;
    }
});
editor.postMessage({ type: 'ready' });
</script>
</body>
</html>`;
}

/** Shown in place of the overlay: plain text, whatever the sentence holds. */
export function waitingPage(sentence: string, nonce: string): string {
    return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
<title>maimod</title>
<style nonce="${nonce}">
body { height: 100vh; margin: 0; display: grid; place-items: center; color: var(--vscode-descriptionForeground); }
p { max-width: 40ch; padding: 2em; text-align: center; line-height: 1.5; }
</style>
</head>
<body><p role="status">${escaped(sentence)}</p></body>
</html>`;
}

function escaped(text: string): string {
    const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
    return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
