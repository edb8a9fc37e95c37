// Saves what stands in a form as a draft, and keeps it in the browser while the site can't be told.
import { define } from "./attach.js";
import { DraftFields } from "./draft-fields.js";
import { broughtBack, complain, complainOf, keptElsewhere, offerChoice, overtaken, savedNow, say } from "./draft-messages.js";
import { DraftSaver } from "./draft-saver.js";
import { forget, keep, unknownToSite } from "./kept-drafts.js";
import { gettext } from "./texts.js";

// The draft that was last open in each place: a part of the page may be swapped while somebody writes in it.
const open = new Map();

class Drafting {
  #isSent = false;
  #isUndecided = false; // there is another text on the site
  #isOccupied = false; // there is another text in this browser

  constructor(form, status) {
    const fields = new DraftFields(form);
    const saver = new DraftSaver(form, fields, {
      address: status.dataset.address,
      saved: "unsaved" in form.dataset ? null : fields.served,
      taken: (answer, text) => this.#take(answer, text),
      failed: (refusal) => complainOf(status, refusal, { isKept: this.#keepHere() }),
    });
    Object.assign(this, { form, status, fields, saver });
  }

  start() {
    const { form, saver } = this;
    form.querySelector("[data-save-draft]")?.setAttribute("hidden", "");
    form.addEventListener("input", () => (this.#isUndecided ? this.#keepHere() : saver.later()));
    form.addEventListener("submit", ({ submitter }) => this.#submitted(submitter));
    form.addEventListener("htmx:afterRequest", ({ detail }) => detail.elt === form && !detail.successful && this.#resume());
    const notice = form.parentElement.querySelector("[data-draft-notice]");
    notice?.addEventListener("submit", () => this.#discard());
    // What was typed since the last save is discarded with the rest, so that it is there again if that is undone.
    notice?.addEventListener("formdata", ({ formData }) => this.#isUndecided || this.fields.addTo(formData));
    addEventListener("pageshow", ({ persisted }) => (persisted ? this.#resume() : this.#isUndecided || saver.later()));
    addEventListener("pagehide", () => this.#leave());
    addEventListener("online", () => this.#isUndecided || saver.save());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.#leave());
    const former = open.get(this.fields.place);
    open.set(this.fields.place, this);
    // A form that came back with what was sent holds more than the one before, such as the changes of somebody else.
    if (former?.isUnfinished && !("unsaved" in form.dataset)) this.#goOnFrom(former.fields);
    else this.#restore();
    saver.later();
  }

  get isUnfinished() {
    return !this.#isSent && !this.form.isConnected && !this.fields.isEmpty;
  }

  #goOnFrom(former) {
    if (former.version) this.fields.version = former.version;
    this.fields.fill(former.texts);
  }

  #take(answer, text) {
    if (answer.fate === "overtaken") return this.#choose(answer);
    this.fields.version = answer.version;
    this.saver.saved = text;
    if (!this.#isOccupied) forget(this.fields.place);
    say(this.status, savedNow(answer.fate));
    this.saver.later();
  }

  // Both texts are kept until the writer has decided: the other on the site, this one in the browser.
  #choose(other) {
    this.#isUndecided = true;
    this.#keepHere();
    const decide = (saved) => {
      this.#isUndecided = false;
      this.fields.version = other.version;
      this.saver.saved = saved;
      say(this.status, "");
      this.saver.later();
    };
    const takeOther = () => {
      this.fields.fill(other);
      forget(this.fields.place);
      decide(this.fields.written);
    };
    complain(this.status, gettext("Not saved: choose one of the two texts above."));
    offerChoice(this.form, overtaken(other.saved_at), other, { keepThis: () => decide(null), takeOther });
  }

  // Brings back what this browser kept while the site could not be told.
  async #restore() {
    const { fields, saver } = this;
    // What was just sent and has come back is newer than anything kept.
    const other = saver.saved === null ? null : await unknownToSite(fields, (draft) => saver.tell(draft));
    if (!other || fields.hold(other)) return;
    if (other.draft_version === fields.version && fields.written === saver.saved) {
      fields.fill(other);
      return say(this.status, broughtBack(other.keptAt));
    }
    this.#isOccupied = true;
    const decide = () => {
      this.#isOccupied = false;
      forget(fields.place);
    };
    const takeOther = () => {
      decide();
      fields.fill(other);
    };
    offerChoice(this.form, keptElsewhere(other.keptAt), other, { keepThis: decide, takeOther });
  }

  #keepHere(more = {}) {
    const isKept = !this.#isOccupied && keep(this.fields.place, { ...this.fields.draft, ...more });
    if (isKept) this.form.dataset.kept = "";
    return isKept;
  }

  #leave() {
    if (!this.saver.isUnsaved) return;
    this.#keepHere();
    if (!this.#isUndecided) this.saver.save({ isLeaving: true });
  }

  #submitted(submitter) {
    if (!submitter?.hasAttribute("formaction")) return this.#send();
    // A title that has led to its solution is no draft any more; a longer text is, in case it was none.
    if ("solves" in submitter.dataset && !this.fields.hasText) this.#discard();
  }

  #send() {
    if (!this.fields.isEmpty) this.#keepHere({ isSent: true });
    this.#isSent = true;
    this.saver.stop();
  }

  #discard() {
    this.#isSent = true;
    this.saver.stop();
    if (!this.#isOccupied) forget(this.fields.place);
  }

  #resume() {
    this.#isSent = false;
    this.saver.resume();
  }
}

define("drafts", (status) => new Drafting(status.closest("form"), status).start());
