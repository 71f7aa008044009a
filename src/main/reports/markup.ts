/** HTML in which every text is escaped. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | readonly Markup[];

/** Makes HTML of a template: what is filled in is escaped, unless it is made by this itself. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(strings.reduce((text, string, index) => text + asHtml(parts[index - 1] ?? '') + string));
}

function asHtml(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return escapeText(String(part));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters, which HTML does not take (html.spec.whatwg.org, 13.1.5), are shown as the replacement character. */
function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (found) => entities[found] ?? '').replace(/[^\P{Cc}\n\t]/gu, '\ufffd');
}
