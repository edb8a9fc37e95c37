// Gives elements the behaviours they name: data-behaviour="send-once unsaved-changes". Each module defines its own;
// the page loads those that its elements name, and what a later part of it names is loaded when it arrives.
const behaviours = new Map();
const attached = new WeakMap();

export function define(name, attach) {
  behaviours.set(name, attach);
  for (const element of named(document)) attachOne(element, name);
}

export function attachWithin(root) {
  for (const element of named(root)) {
    for (const name of element.dataset.behaviour.split(" ")) {
      if (behaviours.has(name)) attachOne(element, name);
      else if (/^[a-z-]+$/.test(name)) import(`./${name}.js`);
    }
  }
}

function attachOne(element, name) {
  const has = attached.get(element) ?? new Set();
  if (has.has(name) || !element.dataset.behaviour.split(" ").includes(name)) return;
  attached.set(element, has.add(name));
  behaviours.get(name)(element);
}

function named(root) {
  const inside = [...root.querySelectorAll("[data-behaviour]")];
  return root instanceof Element && root.matches("[data-behaviour]") ? [root, ...inside] : inside;
}
