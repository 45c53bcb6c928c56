// Own script of the site: filters of lists, search, comparison, copying. Nothing needs it to be read.
(() => {
  "use strict";
  const doc = document, root = new URL("..", doc.currentScript.src);
  const all = (selector, from = doc) => [...from.querySelectorAll(selector)];
  const make = (tag, options = {}, ...children) => {
    const element = Object.assign(doc.createElement(tag), options);
    element.append(...children);
    return element;
  };
  const count = (n, noun) => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
  const load = async (path) => (await fetch(new URL(path, root))).json();
  const parsed = async (url) => {
    const page = new DOMParser().parseFromString(await (await fetch(url)).text(), "text/html");
    for (const a of all("main a", page)) a.href = new URL(a.getAttribute("href"), url);
    return page;
  };
  const plain = (text) => text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase().replace(/&/g, " and ");
  const address = (pairs) => {
    const query = new URLSearchParams(pairs.filter(([, value]) => value)).toString();
    history.replaceState(null, "", location.pathname + (query ? `?${query}` : ""));
  };

  // Copy buttons, long lists, and the cell that the address points at.
  for (const button of all(".copy")) {
    button.hidden = !navigator.clipboard;
    const name = button.textContent;
    button.onclick = async () => {
      await navigator.clipboard.writeText(button.previousElementSibling.textContent);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = name), 2000);
    };
  }
  for (const list of new Set(all(".more").map((item) => item.parentNode))) {
    const button = make("button", { type: "button", className: "morebtn", textContent: `Show all ${list.children.length}` });
    button.onclick = () => {
      const first = list.querySelector(".more a");
      list.classList.add("all");
      button.remove();
      first?.focus();
    };
    (list.closest("table") || list).after(button);
  }
  const reveal = () => {
    const cell = doc.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!cell) return;
    const hidden = cell.closest(".more");
    hidden?.parentNode.classList.add("all");
    if (cell.closest(".cells")) all("details", cell).forEach((each) => (each.open = true));
    if (hidden) cell.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  addEventListener("beforeprint", () => all("details").forEach((each) => (each.open = true)));
  reveal();

  // Lists: the filters live in the address.
  const filters = doc.querySelector("form.filters");
  if (filters) {
    const table = doc.querySelector(".listing tbody"), found = doc.querySelector(".found"), parts = doc.querySelector(".parts");
    const said = found.textContent, own = [...table.rows], total = +filters.dataset.total;
    let rows = own, whole;
    const complete = () => (whole ||= Promise.all(all("a:not([aria-current])", parts).map(async (link) => all(".listing tbody tr", await parsed(link.href)))).then((lists) => { rows = [...own, ...lists.flat()]; }));
    const values = () => [...new FormData(filters)].filter(([, value]) => value.trim());
    const text = (row) => (row.text ||= plain(`${row.textContent} ${row.dataset.q || ""} ${row.dataset.id}`));
    const fits = (row, chosen) => chosen.every(([name, value]) => name === "q"
      ? plain(value).split(/\s+/).every((word) => text(row).includes(word))
      : (row.dataset[name] || "").split(" ").includes(value));
    let shown, turn = 0;
    const show = async () => {
      const mine = ++turn, chosen = values();
      address(chosen);
      if (chosen.length && parts) await complete();
      if (mine !== turn) return;
      shown = chosen.length ? rows.filter((row) => fits(row, chosen)) : own;
      if (parts) parts.hidden = chosen.length > 0;
      table.replaceChildren(...shown);
      found.textContent = chosen.length ? `${count(shown.length, "row")} of ${total.toLocaleString("en")}` : said;
    };
    for (const [name, value] of new URLSearchParams(location.search)) {
      const field = filters.elements[name];
      if (field) field.value = value;
    }
    filters.oninput = show;
    filters.onsubmit = (event) => { event.preventDefault(); show(); };
    filters.onreset = () => setTimeout(show);
    filters.querySelector(".csv").onclick = async () => {
      const records = await load(filters.dataset.table);
      if (parts) await complete();
      const wanted = new Set((values().length ? shown : rows).map((row) => row.dataset.id));
      const header = Object.keys(records[0]), key = header[0];
      const cell = (value) => (/[",\r\n]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value);
      const lines = [header, ...records.filter((record) => wanted.has(record[key])).map((record) => header.map((name) => record[name]))];
      const file = new Blob([lines.map((line) => line.map(cell).join(",") + "\n").join("")], { type: "text/csv" });
      const link = make("a", { href: URL.createObjectURL(file), download: filters.dataset.table.replace("json", "csv") });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    };
    if (values().length) show();
  }

  // Search: MiniSearch over one file of names, fetched when a field gets the focus; a second file for the search page.
  const packed = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]{2,}/gu;
  const words = (text) => plain(text).replace(packed, (run) => ` ${[...run].slice(1).map((letter, n) => [...run][n] + letter).join(" ")} `)
    .split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const indexes = {};
  const index = (more = false) => (indexes[more] ||= (async () => {
    if (!self.MiniSearch) {
      await new Promise((onload) => doc.body.append(make("script", { src: new URL("static/vendor/minisearch.js", root), onload })));
    }
    const files = await Promise.all(["names", ...(more ? ["more"] : [])].map(async (name) => load(`search/${name}.json`)));
    const [{ tables, cut }] = files, entries = new Map();
    for (const [table, same, rest, name, other, line, text] of files.flatMap((file) => file.rows)) {
      const id = (name.toLowerCase().match(/[a-z0-9]+/g) || []).join("-").slice(0, same) + rest, href = `${tables[table][0]}/${id}/`, known = entries.get(href);
      if (known) known.text = text;
      else entries.set(href, { href, name, other, line, text, id, kind: tables[table][1], weight: tables[table][2], keys: [name, ...other.split(";"), id].map((key) => words(key).join(" ")) });
    }
    const engine = new MiniSearch({ idField: "href", fields: ["name", "other", "id", "line", "text"], tokenize: words, processTerm: (term) => term });
    engine.addAll([...entries.values()]);
    return { engine, entries, cut };
  })());
  const search = async (query, more = false) => {
    const { engine, entries } = await index(more), key = words(query).join(" ");
    const ask = (combineWith) => engine.search(query, {
      combineWith,
      boost: { name: 4, other: 4, id: 1.5, text: 0.4 },
      prefix: (term, n, terms) => term.length > 2 || n === terms.length - 1,
      fuzzy: (term) => (term.length > 4 && !/\d/.test(term) ? 0.2 : false),
      weights: { fuzzy: 0.35, prefix: 0.6 },
      boostDocument: (href) => {
        const { keys, weight } = entries.get(href);
        return weight * (keys.includes(key) ? 20 : keys.some((each) => each.startsWith(`${key} `)) ? 2 : 1);
      },
    });
    const first = ask("AND"), seen = new Set(first.map((hit) => hit.id));
    return [...first, ...(first.length < 5 ? ask("OR").filter((hit) => !seen.has(hit.id)).slice(0, 20) : [])].map((hit) => entries.get(hit.id));
  };
  self.evcollab = { search };
  for (const form of all("form.find")) {
    const field = form.elements.q, page = "all" in form.dataset, list = page ? doc.querySelector(".page-hits") : form.appendChild(make("ol", { className: "hits", hidden: true }));
    const status = page ? doc.querySelector(".found") : form.appendChild(make("p", { className: "unseen", role: "status" }));
    field.autocomplete = "off";
    let turn = 0;
    const hide = () => (list.hidden = true);
    const show = async () => {
      const mine = ++turn, query = field.value.trim();
      if (page) address([["q", query]]);
      if (!query) { status.textContent = ""; return hide(); }
      for (const more of [false, true]) { // names at once, then all the rest
        const hits = await search(query, more).catch(() => null);
        if (mine !== turn) return;
        put(hits);
        if (!page && (hits?.length !== 0 || !(await index()).cut)) return;
      }
    };
    const put = (hits) => {
      if (!hits) { status.textContent = "The search could not be loaded"; return; }
      status.textContent = hits.length ? `${count(hits.length, "record")} found` : "Nothing found: try other words";
      list.replaceChildren(...hits.slice(0, page ? 100 : 8).map((hit) => make("li", {}, make("a", { href: new URL(hit.href, root) },
        make("b", { textContent: hit.name, dir: "auto" }), make("span", { textContent: [hit.kind, hit.line].filter(Boolean).join(" · ") })))));
      list.hidden = !hits.length;
    };
    field.onfocus = () => index().catch(() => null);
    field.oninput = show;
    form.onkeydown = (event) => {
      const stops = [field, ...all("a", list)], step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape" && !page) { field.focus(); hide(); }
      if (step) { event.preventDefault(); stops[stops.indexOf(doc.activeElement) + step]?.focus(); }
    };
    if (page) {
      form.onsubmit = (event) => { event.preventDefault(); show(); };
      field.value = new URLSearchParams(location.search).get("q") || "";
      if (field.value) show(); else field.focus();
    } else form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || hide());
  }

  // Comparison: parts of the pages of countries side by side.
  const compare = doc.querySelector("form.compare");
  if (compare) {
    const side = doc.querySelector(".compared"), choice = compare.querySelector("select"), known = new Map(all("option[data-href]", choice).map((option) => [option.value, option]));
    let codes = [...new Set(new URLSearchParams(location.search).getAll("c"))].filter((code) => known.has(code)), turn = 0;
    const part = async (code) => {
      const url = new URL(known.get(code).dataset.href, location.href);
      const parts = all("[data-compare]", await parsed(url));
      return { code, name: known.get(code).textContent, url, parts: new Map(parts.map((each) => [each.dataset.compare, each])) };
    };
    const show = async () => {
      const mine = ++turn;
      address(codes.map((code) => ["c", code]));
      const columns = await Promise.all(codes.map(part));
      if (mine !== turn) return;
      const heads = columns.map(({ code, name, url }) => make("div", {}, make("h2", {}, make("a", { href: url, textContent: name })),
        make("button", { type: "button", textContent: `Remove ${name}`, onclick: () => { codes = codes.filter((each) => each !== code); show(); } })));
      const labels = [...new Set(columns.flatMap(({ parts }) => [...parts.keys()]))];
      side.replaceChildren(...(columns.length ? [make("div", { className: "side" }, ...heads)] : []), ...labels.flatMap((label) => [make("h3", { textContent: label }),
        make("div", { className: "side" }, ...columns.map(({ name, parts }) => {
          const cell = make("div", {}, parts.get(label) || "Nothing on record");
          cell.dataset.name = name;
          return cell;
        }))]));
    };
    choice.onchange = () => {
      if (choice.value && !codes.includes(choice.value)) codes.push(choice.value);
      choice.value = "";
      show();
    };
    if (codes.length) show();
  }
})();
