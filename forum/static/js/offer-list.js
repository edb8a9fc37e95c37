// The listbox under a combobox: shows offers, lets one be chosen by keyboard, and tells screen readers which.
export class OfferList {
  constructor(input, { label, line, take }) {
    this.input = input;
    this.line = line;
    this.element = Object.assign(document.createElement("ul"), { id: `${input.id}-offers`, className: "offers" });
    this.element.role = "listbox";
    this.element.ariaLabel = label;
    input.after(this.element);
    input.role = "combobox";
    input.ariaAutoComplete = "list";
    input.setAttribute("aria-controls", this.element.id);
    // Taking focus away from the field would close the list before the click arrives.
    this.element.addEventListener("mousedown", (event) => event.preventDefault());
    this.element.addEventListener("click", (event) => {
      const at = [...this.element.children].indexOf(event.target.closest("[role=option]"));
      if (at >= 0) take(this.offers[at]);
    });
    this.show([]);
  }

  get chosen() {
    return this.offers[this.at];
  }

  show(offers) {
    this.offers = offers;
    this.element.replaceChildren(...offers.map((offer, at) => this.#option(offer, at)));
    this.element.hidden = offers.length === 0;
    this.input.ariaExpanded = String(offers.length > 0);
    this.#choose(-1);
  }

  move(step) {
    // From nothing chosen, up leads to the last offer and down to the first.
    const from = this.at < 0 && step < 0 ? 0 : this.at;
    this.#choose((from + step + this.offers.length) % this.offers.length);
  }

  #option(offer, at) {
    const option = Object.assign(document.createElement("li"), { id: `${this.element.id}-${at}`, role: "option" });
    option.append(...this.line(offer));
    return option;
  }

  #choose(at) {
    this.at = at;
    [...this.element.children].forEach((option, index) => (option.ariaSelected = String(index === at)));
    if (at >= 0) this.input.setAttribute("aria-activedescendant", `${this.element.id}-${at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }
}
