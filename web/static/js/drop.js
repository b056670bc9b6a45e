// Files and folders that are dropped on the form, or chosen in it, are sent at once, and how far that is can be seen.
const form = document.querySelector("[data-drop]");
const input = form.querySelector("input[type=file]");
const bar = form.querySelector("progress");
const said = form.querySelector("[data-said]");

const fileOf = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));
const someOf = (reader) => new Promise((resolve, reject) => reader.readEntries(resolve, reject));

async function collect(entry, found) {
  if (entry.isFile) { found.push([await fileOf(entry), entry.fullPath.slice(1)]); return; }
  const reader = entry.createReader();
  for (let some = await someOf(reader); some.length; some = await someOf(reader))
    for (const inside of some) await collect(inside, found);
}

function show(words, busy) {
  said.textContent = words;
  bar.hidden = !busy;
  form.toggleAttribute("data-busy", busy);
}

function send(files) {
  const body = new FormData();
  body.append("_csrf_token", form.elements._csrf_token.value);  // before the files: it is checked before they are kept
  for (const [file, path] of files) body.append("files", file, path);
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", (event) => { bar.max = event.total; bar.value = event.loaded; });
  request.upload.addEventListener("load", () => { bar.removeAttribute("value"); show(form.dataset.looking, true); });
  request.addEventListener("error", () => show(form.dataset.failed, false));
  request.addEventListener("load", () => {
    const { href, sentence } = request.response ?? {};
    if (href) location.assign(href); else show(sentence ?? form.dataset.failed, false);
  });
  request.open("POST", form.action);
  request.responseType = "json";
  request.setRequestHeader("Accept", "application/json");
  bar.max = 1;
  bar.value = 0;
  show(form.dataset.sending, true);
  request.send(body);
}

const sendChosen = () => { if (input.files.length) send([...input.files].map((file) => [file, file.name])); };

form.querySelector("button").hidden = true;
input.addEventListener("change", sendChosen);
form.addEventListener("submit", (event) => { event.preventDefault(); sendChosen(); });
addEventListener("pageshow", () => { form.reset(); show("", false); });
for (const name of ["dragenter", "dragover"])
  form.addEventListener(name, (event) => { event.preventDefault(); form.toggleAttribute("data-over", true); });
for (const name of ["dragleave", "drop"])
  form.addEventListener(name, () => form.toggleAttribute("data-over", false));
form.addEventListener("drop", async (event) => {
  event.preventDefault();
  if (form.hasAttribute("data-busy")) return;
  const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
  const dropped = items.map((item) => [item.webkitGetAsEntry?.(), item.getAsFile()]);  // both are gone after an await
  const found = [];
  try {
    for (const [entry, file] of dropped)
      if (entry) await collect(entry, found); else if (file) found.push([file, file.name]);
  } catch { return show(form.dataset.failed, false); }
  if (found.length) send(found);
});
