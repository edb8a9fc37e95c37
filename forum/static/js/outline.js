// Marks in the outline of a thread which post is being read.
import { define } from "./attach.js";

define("outline", attach);

function attach(outline) {
  const links = new Map([...outline.querySelectorAll("a")].map((link) => [link.hash.slice(1), link]));
  const visible = new Set();
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) visible[isIntersecting ? "add" : "delete"](target.id);
      const read = [...links.keys()].find((id) => visible.has(id));
      for (const [id, link] of links) {
        if (id === read) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    },
    // A post is being read when it crosses the upper third of the window.
    { rootMargin: "-15% 0px -60% 0px" },
  );
  for (const id of links.keys()) {
    const post = document.getElementById(id);
    if (post) watch.observe(post);
  }
}
