// The network to be moved and zoomed. What is drawn comes from the page's own address as JSON; colours come from the style sheets.
const figure = document.querySelector("#explore");
const tools = figure.querySelector(".explore-tools");
const said = tools.querySelector("[data-said]");
const hint = said.textContent;
const TONES = [0, 1, 2, 3, 4, 5, 6, 7];

function colour(value) {
  const probe = document.createElement("span");
  probe.style.color = `var(${value})`;  // light-dark() is worked out only where a colour is used
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function styles() {
  const ink = colour("--ink"), surface = colour("--surface"), edge = colour("--edge"), jade = colour("--jade");
  return [
    { selector: "node", style: {
      width: "data(size)", height: "data(size)", label: "data(letter)", "font-size": 9, "font-weight": 700, "text-valign": "center",
      color: colour("--ink-2"), "background-color": colour("--sunk"), "border-width": 1, "border-color": edge } },
    ...TONES.map((tone) => ({ selector: `node[tone = ${tone}]`, style: {
      "background-color": colour(`--tone-${tone}`), "border-color": colour(`--tone-${tone}-ink`), color: colour(`--tone-${tone}-ink`) } })),
    { selector: "node[?words]", style: { "border-width": 3, "border-style": "double" } },
    { selector: "edge", style: { width: "data(width)", "line-color": edge, "curve-style": "haystack", opacity: .6 } },
    { selector: ".far", style: { opacity: .12 } },
    { selector: "node.near", style: {
      label: "data(name)", color: ink, "text-valign": "bottom", "text-margin-y": 3, "font-size": 11, "text-outline-width": 2,
      "text-outline-color": surface, "z-index": 9 } },
    { selector: "edge.near", style: { "line-color": jade, opacity: .9 } },
  ];
}

function elements(view) {
  const people = view.rows.map((one, n) => ({
    data: { id: `${n}`, name: one.who.name, letter: one.letter, size: one.r * 2, words: one.person.words.length > 0,
            ties: one.person.ties, tone: one.person.group === null ? -1 : one.person.group % 8, href: `/members/${one.who.member}` },
    position: { x: one.x, y: one.y },
  }));
  const ties = view.lines.map((line) => ({ data: { source: `${line.one}`, target: `${line.two}`, width: [.6, 1.1, 1.8, 3][line.weight - 1] } }));
  return [...people, ...ties];
}

function show(graph, node) {
  graph.elements().removeClass("near far");
  said.textContent = node ? node.data("name") : hint;
  if (!node) return;
  graph.elements().not(node.closedNeighborhood()).addClass("far");
  node.closedNeighborhood().addClass("near");
}

function handle(graph, stage) {
  graph.on("mouseover", "node", (event) => { show(graph, event.target); stage.classList.add("pointing"); });
  graph.on("mouseout", "node", () => { show(graph, null); stage.classList.remove("pointing"); });
  graph.on("tap", "node", (event) => location.assign(event.target.data("href")));
  tools.addEventListener("click", ({ target }) => {
    const by = target.dataset.zoom;
    const middle = { x: stage.clientWidth / 2, y: stage.clientHeight / 2 };
    if (by === "fit") graph.fit(undefined, 20);
    else if (by) graph.zoom({ level: graph.zoom() * Number(by), renderedPosition: middle });
  });
}

function byKeys(graph, stage) {
  const order = graph.nodes().toArray();
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  let at = -1;
  stage.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && order[at]) { location.assign(order[at].data("href")); return; }
    if (!(event.key in steps)) return;
    event.preventDefault();
    at = (at + steps[event.key] + order.length) % order.length;
    show(graph, order[at]);
  });
}

async function begin() {
  const view = await (await fetch(figure.dataset.source, { headers: { Accept: "application/json" } })).json();
  const stage = document.createElement("div");
  stage.className = "explored";
  stage.tabIndex = 0;
  stage.setAttribute("role", "application");
  stage.setAttribute("aria-label", figure.dataset.label);
  figure.querySelector(".ties-picture").replaceWith(stage);
  tools.hidden = false;
  const graph = window.cytoscape({
    container: stage, elements: elements(view), style: styles(), layout: { name: "preset", fit: true, padding: 20 },
    minZoom: .3, maxZoom: 6, userZoomingEnabled: false });
  stage.addEventListener("focus", () => graph.userZoomingEnabled(true));
  stage.addEventListener("blur", () => graph.userZoomingEnabled(false));
  stage.addEventListener("pointerdown", () => stage.focus());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => graph.style(styles()));
  handle(graph, stage);
  byKeys(graph, stage);
}

begin();
