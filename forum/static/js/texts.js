// The words of the page's language. English stands in the scripts; others come from texts/<language>.js before them.
const { messages = {}, plural: form = (count) => Number(count !== 1) } = globalThis.askwellTexts ?? {};
const numbers = new Intl.NumberFormat(document.documentElement.lang);

// Returns a sentence with its %(name)s filled in; numbers are written as the language does.
export function gettext(message, variables = {}) {
  return filled((messages[message] ?? [message])[0], variables);
}

// Returns a sentence in the form that the language has for a count, which is also %(num)s in it.
export function ngettext(singular, plural, count, variables = {}) {
  return filled((messages[singular] ?? [singular, plural])[form(count)], { num: count, ...variables });
}

function filled(text, variables) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => {
    const value = variables[name];
    return typeof value === "number" ? numbers.format(value) : value;
  });
}
