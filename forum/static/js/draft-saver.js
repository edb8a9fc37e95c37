// When the text of a form is sent to be saved: shortly after the last key, again after failures, at once on leaving.
const PAUSE = 2_000; // milliseconds after the last key
const LONGEST = 15_000; // milliseconds for which somebody may type on before something is saved
const RETRIES = [5_000, 15_000, 30_000, 60_000]; // milliseconds

export class DraftSaver {
  #timer = 0;
  #since = 0;
  #tries = 0;
  #request = null;
  isStopped = false;

  // `saved` is what the site has, or null for a text that was sent and came back.
  constructor(form, fields, { address, saved, taken, failed }) {
    Object.assign(this, { form, fields, address, saved, taken, failed });
  }

  get isUnsaved() {
    return this.form.isConnected && !this.isStopped && this.fields.written !== this.saved;
  }

  later() {
    clearTimeout(this.#timer);
    if (!this.isUnsaved) return (this.form.dataset.kept = "");
    delete this.form.dataset.kept;
    this.#since ||= Date.now();
    this.#wait();
  }

  async save({ isLeaving = false } = {}) {
    clearTimeout(this.#timer);
    if (!this.isUnsaved || this.#request?.text === this.fields.written) return;
    this.#request?.stop.abort();
    const request = (this.#request = { text: this.fields.written, stop: new AbortController() });
    const answer = await this.tell(this.fields.draft, { isLeaving, signal: request.stop.signal });
    // Another text is on its way by now, or the form itself.
    if (this.#request !== request) return;
    this.#request = null;
    if (answer?.fate) {
      this.#tries = this.#since = 0;
      this.taken(answer, request.text);
    } else if (this.isUnsaved) {
      this.#tries += 1;
      this.failed(answer);
      this.#wait();
    }
  }

  tell(draft, options) {
    return this.fields.tell(draft, this.address, options);
  }

  stop() {
    this.isStopped = true;
    clearTimeout(this.#timer);
    this.#request?.stop.abort();
    this.#request = null;
    this.form.dataset.kept = "";
  }

  resume() {
    this.isStopped = false;
    this.later();
  }

  #wait() {
    const rest = Math.min(PAUSE, Math.max(0, this.#since + LONGEST - Date.now()));
    const pause = this.#tries ? RETRIES[Math.min(this.#tries, RETRIES.length) - 1] : rest;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), pause);
  }
}
