// Says something to people who use a screen reader, without moving what others see.
export function announce(text) {
  const region = document.querySelector("[data-announcement]");
  // The same words twice are said twice only if they were gone in between.
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 50);
}
