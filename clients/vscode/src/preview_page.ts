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
const origin = ${JSON.stringify(origin)};
function paint() {
    const looks = document.documentElement.style;
    const names = Array.from(looks).filter((name) => name.startsWith('--vscode-'));
    const colours = Object.fromEntries(names.map((name) => [name, looks.getPropertyValue(name).trim()]));
    const light = document.body.matches('.vscode-light, .vscode-high-contrast-light');
    frame.contentWindow.postMessage({ type: 'theme', kind: light ? 'light' : 'dark', colours }, origin);
}
window.addEventListener('message', (event) => {
    if (event.source === frame.contentWindow) {
        if (event.origin !== origin) return;
        if (event.data?.type === 'painting') paint();
        else editor.postMessage(event.data);
    } else if (typeof event.data?.show === 'string') {
        frame.src = event.data.show;
    }
});
new MutationObserver(paint).observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
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
