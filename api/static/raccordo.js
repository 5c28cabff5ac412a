// After a cell's evidence has come: lead the reader and the keyboard to it, and mark the cell it belongs to.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "evidence") return;
  document.querySelectorAll(".matrix a[aria-current]").forEach((cell) => cell.removeAttribute("aria-current"));
  event.detail.requestConfig.elt.setAttribute("aria-current", "true");
  const heading = event.detail.target.querySelector(".focus");
  if (heading) {
    heading.focus({ preventScroll: true });
    event.detail.target.scrollIntoView({ block: "start" });
  }
});
