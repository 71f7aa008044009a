/** What the page says, in each language. */
export { locale, t } from './catalogue.ts';
export { type Language, language, languages } from './language.ts';
