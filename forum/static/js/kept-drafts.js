// Texts that the site could not be told of yet, kept in this browser for the person who wrote them.
const PREFIX = "draft:";
const KEPT_DAYS = 90; // as on the server

function key(place) {
  return `${PREFIX}${document.body.dataset.person}:${place}`;
}

// Returns whether it worked: storage may be switched off or full.
export function keep(place, draft) {
  try {
    localStorage.setItem(key(place), JSON.stringify({ ...draft, keptAt: Date.now() }));
    return true;
  } catch {
    return false;
  }
}

function kept(place) {
  try {
    const draft = JSON.parse(localStorage.getItem(key(place)));
    return draft && draft.keptAt > Date.now() - KEPT_DAYS * 86_400_000 ? draft : null;
  } catch {
    return null;
  }
}

// Returns the text of a form that this browser has and the site has not, or nothing.
export async function unknownToSite(fields, tell) {
  const draft = kept(fields.place);
  if (!draft) return null;
  // It has perhaps been posted, or saved at the moment when its page was left, which this page may not know yet. Only
  // under the name of its own form does it go on from that.
  const answer = fields.isServed(draft) ? { fate: "posted" } : await tell(draft);
  if (["saved", "emptied"].includes(answer?.fate)) fields.version = draft.draft_version = answer.version;
  if (answer?.fate !== "posted" && !(answer?.fate === "saved" && fields.hold(draft))) return draft;
  forget(fields.place);
  return null;
}

export function forget(place) {
  try {
    localStorage.removeItem(key(place));
  } catch {
    // Where nothing can be stored there is nothing to forget.
  }
}

export function forgetAll() {
  try {
    const ours = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
    for (const name of ours) localStorage.removeItem(name);
  } catch {
    // The same.
  }
}
