// Gives elements the behaviours they name: data-behaviour="send-once unsaved-changes". A form with
// data-enhance="id" is sent without leaving the page, and what comes back takes the place of that element.
const KNOWN = new Set(["live-preview", "recent-searches", "search-suggestions", "send-once", "similar-questions", "tag-completion", "unsaved-changes"]);

export function attach(root) {
  for (const element of all(root, "[data-behaviour]")) {
    for (const name of element.dataset.behaviour.split(" ").filter((name) => KNOWN.has(name))) {
      import(`./${name}.js`).then((behaviour) => behaviour.attach(element));
    }
  }
  for (const form of all(root, "form[data-enhance]")) {
    import("./enhanced-form.js").then((behaviour) => behaviour.attach(form));
  }
}

function all(root, selector) {
  const inside = [...root.querySelectorAll(selector)];
  return root instanceof Element && root.matches(selector) ? [root, ...inside] : inside;
}
