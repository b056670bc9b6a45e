// Single keys: / finds, j and k walk the rows, g and a letter go to a place, ? lists them all.
// Silent in fields, with modifiers, while Vietnamese is being composed, and when switched off in the list.
const SWITCH = "kith.keys";
const dialog = document.getElementById("keys");
const toggle = dialog.querySelector("[data-keys-on]");
let leader = 0;

const on = () => localStorage.getItem(SWITCH) !== "off";
const visible = (element) => element.getClientRects().length > 0;

toggle.checked = on();
toggle.addEventListener("change", () => localStorage.setItem(SWITCH, toggle.checked ? "on" : "off"));

function find() {
  const box = [...document.querySelectorAll("[data-find]")].find(visible);
  box?.focus();
  box?.select();
  return box;
}

function walk(step) {
  const rows = [...document.querySelectorAll("[data-row]")].filter(visible);
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[here < 0 ? 0 : Math.min(Math.max(here + step, 0), rows.length - 1)];
  (row.querySelector("a[href]") ?? row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function press(letter, selector) {
  const target = [...document.querySelectorAll(selector)].find((item) => item.dataset.key === letter);
  target?.click();
  return target;
}

function act(event) {
  const led = Date.now() - leader < 1500;
  leader = 0;
  if (led) return press(event.key, ".menu [data-key]");
  if (event.key === "/") return find() ?? true;
  if (event.key === "j" || event.key === "k") return walk(event.key === "j" ? 1 : -1) ?? true;
  if (event.key === "?") return dialog.showModal() ?? true;
  if (event.key === "g") return (leader = Date.now());
  return press(event.key, "main [data-key]");
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || dialog.open) return;
  if (event.key === "k" && (event.ctrlKey || event.metaKey)) { if (find()) event.preventDefault(); return; }
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key !== "?" && !on()) return;
  if (act(event)) event.preventDefault();
});
