// The words, numbers and dates of the page's language. English words stand in the scripts; those of other languages
// come from texts/<language>.js, which a page runs before all other scripts.
const { messages = {}, plural: form } = globalThis.askwellTexts ?? {};
const language = document.documentElement.lang;
const numbers = new Intl.NumberFormat(written(language));

// Returns a sentence with its %(name)s filled in; numbers are written as the language does.
export function gettext(message, variables = {}) {
  return filled(messages[message]?.[0] ?? message, variables);
}

// Returns a sentence in the form that the language has for a count, which is also %(num)s in it.
export function ngettext(singular, plural, count, variables = {}) {
  const text = messages[singular]?.[form(count)] ?? (count === 1 ? singular : plural);
  return filled(text, { num: count, ...variables });
}

export function number(value) {
  return numbers.format(value);
}

// Returns what writes moments in the language of the page, as the reader's own country does if that speaks it.
export function momentFormat(options) {
  const own = navigator.languages.find((known) => known.split("-")[0] === language);
  return new Intl.DateTimeFormat(written(own ?? language), options);
}

// The server writes these digits in every language.
function written(locale) {
  return new Intl.Locale(locale, { numberingSystem: "latn" });
}

function filled(text, variables) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => {
    const value = variables[name];
    return typeof value === "number" ? number(value) : value;
  });
}
