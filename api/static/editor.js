// The editor with colours, over the plain form: it starts from the form's text and asks this service only.
const place = document.getElementById("yasgui");
const advanced = document.getElementById("advanced");
advanced.hidden = false;
advanced.addEventListener("toggle", () => {
  if (place.childElementCount > 0) return;
  const endpoint = new URL(place.dataset.endpoint, location.href).href;
  const yasgui = new Yasgui(place, { requestConfig: { endpoint }, copyEndpointOnNewTab: false, persistenceId: null });
  yasgui.getTab().setQuery(document.getElementById("query").value);
});
// CodeMirror would write a tab: nobody could leave it with the keyboard.
place.addEventListener("keydown", (event) => {
  if (event.key === "Tab" && event.target.closest(".CodeMirror")) event.stopPropagation();
}, true);
