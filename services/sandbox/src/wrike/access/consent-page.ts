interface ConsentPage {
  action: string;
  scopes: readonly string[];
  fields: Record<string, string>;
}

/** The page on which a user lets an app in: a form without script, so that a browser and a test can send it. */
export function consentPage({ action, scopes, fields }: ConsentPage): string {
  const hidden = Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
    .join('\n');
  const list = scopes.map((scope) => `<li>${escaped(scope)}</li>`).join('');
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Wrike sandbox: allow access</title></head>
<body>
<h1>Allow this app to read your Wrike account?</h1>
<p>It asks for:</p>
<ul>${list}</ul>
<form method="post" action="${escaped(action)}">
${hidden}
<button type="submit" name="decision" value="accept">Accept</button>
<button type="submit" name="decision" value="decline">Decline</button>
</form>
</body>
</html>
`;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
