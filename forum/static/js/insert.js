// Puts text into a field as if it had been typed: Ctrl+Z takes it back, and whoever listens for input hears of it.
export function insert(field, text, start = field.selectionStart, end = field.selectionEnd) {
  field.focus();
  field.setSelectionRange(start, end);
  // Obsolete by name, but the only way that browsers undo; where it is gone, the text still arrives.
  if (document.execCommand?.("insertText", false, text)) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// The same while somebody may be typing elsewhere: the caret stays where it is, and nothing takes the focus.
export function replace(field, former, text) {
  const at = field.value.indexOf(former);
  if (at < 0) return false;
  field.setRangeText(text, at, at + former.length, "preserve");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}
