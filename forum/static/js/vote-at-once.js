// Shows a vote as counted as soon as it is sent, and takes it back where it can be seen when it was not.
import { define } from "./attach.js";
import { number } from "./texts.js";

define("vote-at-once", attach);

function attach(form) {
  const [score, buttons] = [form.querySelector("[data-score]"), [...form.querySelectorAll("button")]];
  const state = () => [score.textContent, ...buttons.map((button) => button.ariaPressed)];
  let former = state();

  form.addEventListener("htmx:beforeRequest", ({ detail }) => {
    former = state();
    const value = Number(detail.requestConfig.parameters.value);
    score.textContent = number(read(score.textContent) - Number(form.dataset.mine) + value);
    for (const button of buttons) button.ariaPressed = String(button === detail.requestConfig.triggeringEvent?.submitter && value !== 0);
  });
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    form.addEventListener(failure, () => {
      score.textContent = former[0];
      buttons.forEach((button, at) => (button.ariaPressed = former[at + 1]));
    });
  }
}

// A whole number, with whatever sign and grouping the page's language writes it.
function read(text) {
  const value = Number(text.replace(/\D/g, ""));
  return /[-−]/.test(text) ? -value : value;
}
