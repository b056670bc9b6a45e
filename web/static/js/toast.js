// A notice goes away by itself after ten seconds, but not while it is pointed at or holds the focus.
const STAYS = 10_000;

function watch(toast) {
  let timer;
  const leave = () => toast.remove();
  const wait = () => { clearTimeout(timer); timer = setTimeout(leave, STAYS); };
  const stay = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stay);
  toast.addEventListener("focusin", stay);
  toast.addEventListener("pointerleave", wait);
  toast.addEventListener("focusout", wait);
  toast.addEventListener("keydown", (event) => { if (event.key === "Escape") leave(); });
  wait();
}

const region = document.getElementById("toasts");
const added = (nodes) => nodes.forEach((node) => { if (node.matches?.("[data-toast]")) watch(node); });
added([...region.children]);
new MutationObserver((changes) => changes.forEach((change) => added([...change.addedNodes]))).observe(region, { childList: true });
