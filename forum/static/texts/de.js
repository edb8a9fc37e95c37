// Made by `make texts` from the catalogue of the scripts.
globalThis.askwellTexts = {
 plural: (n) => Number((n != 1)),
 messages: {},
};
