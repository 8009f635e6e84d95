// A visit with a weak network: what is written stays on this device until the company has it, and is sent in its order.
// Without this script the page is a plain form. Nothing here decides anything: the interface refuses as the form would.
(() => {
  "use strict";
  const doc = document;
  const box = doc.getElementById("visit");
  if (!box) return;
  const say = box.dataset;
  const board = doc.getElementById("visit-state");
  const form = doc.getElementById("visit-form");
  const csrf = () => doc.querySelector("input[name=csrfmiddlewaretoken]");
  const KEY = `zf-kept:${say.user}:visit:${say.visit}`;
  const API = say.api;
  const AGAIN = 15000;
  const FIELDS = ["answer", "verdict", "deduction", "observation"];
  const { mint } = globalThis.zfKept;
  let state = { ops: [], sheets: [], drafts: {} };
  let running = false;
  let timer = 0;
  let pageKept = false;

  // --- What is kept on this device.
  const read = () => {
    try {
      state = { ...state, ...JSON.parse(localStorage.getItem(KEY)) };
    } catch {
      // What can't be read is not kept.
    }
  };
  const write = () => {
    if (state.ops.length || Object.keys(state.drafts).length) localStorage.setItem(KEY, JSON.stringify(state));
    else localStorage.removeItem(KEY);
  };

  // --- What the reader is told.
  const tell = (kind, text) => {
    board.dataset.state = kind;
    const lines = [text];
    if (kind !== "sent" && state.ops.length) lines.push(`${say.sayKept} ${state.ops.length}`);
    lines.push(pageKept ? say.sayPageKept : "serviceWorker" in navigator ? "" : say.sayPageOpen);
    board.replaceChildren(...lines.filter(Boolean).map((line) => {
      const words = doc.createElement("p");
      words.textContent = line;
      return words;
    }));
  };
  const field = (key) => box.querySelector(`fieldset[data-answer="${CSS.escape(key)}"]`);
  const mark = (key, text) => {
    const place = field(key)?.querySelector("[data-state]");
    if (place) place.textContent = text;
  };

  // --- Reading and filling the fields of one question.
  const values = (set) => {
    const found = {};
    for (const input of set.querySelectorAll("textarea, input:not([type=hidden])")) {
      const name = input.name.split("-")[0];
      if (!FIELDS.includes(name)) continue;
      if (input.type === "radio") {
        if (input.checked) found[name] = input.value;
      } else found[name] = input.value.trim();
    }
    return found;
  };
  const fill = (set, given) => {
    for (const input of set.querySelectorAll("textarea, input:not([type=hidden])")) {
      const name = input.name.split("-")[0];
      if (!FIELDS.includes(name)) continue;
      if (input.type === "radio") input.checked = given[name] === input.value;
      else input.value = given[name] ?? "";
    }
  };

  const noted = (set) => {
    const key = set.dataset.answer;
    let op = state.ops.find((one) => one.kind === "answer" && one.id === key);
    if (!op) {
      op = { kind: "answer", id: key, sheet: set.closest("[data-sheet]").dataset.sheet, item: Number(set.dataset.item) || 0, base: Number(set.dataset.version) };
      state.ops.push(op);
    }
    // A new content is a new thing to send; the time is the device's, as stated.
    Object.assign(op, { values: values(set), stated: new Date().toISOString(), once: mint() });
    delete op.wrong;
    write();
    mark(key, say.sayAnswerKept);
  };

  // --- Both values of an answer that somebody else changed meanwhile, and the choice.
  const clash = (op) => {
    const set = field(op.id);
    if (!set) return;
    set.querySelector(".q-clash")?.remove();
    const part = doc.createElement("div");
    part.className = "q-clash";
    part.setAttribute("role", "alert");
    const line = (text) => Object.assign(doc.createElement("p"), { textContent: text });
    // In the words of the form itself.
    const wording = (name, value) => {
      if (name === "verdict") return set.querySelector(`input[value="${CSS.escape(value)}"]`)?.parentElement.textContent.trim() || "";
      const label = set.querySelector(`label[for="${name}-${CSS.escape(op.id)}"]`)?.textContent.trim() || "";
      return name === "answer" ? value : `${label} ${value}`;
    };
    const quote = (title, given) => {
      const block = doc.createElement("blockquote");
      const lines = FIELDS.filter((name) => given[name] && given[name] !== "0").map((name) => wording(name, String(given[name])));
      block.textContent = [`${title}：`, ...lines].join("\n");
      return block;
    };
    const button = (text, act) => {
      const made = Object.assign(doc.createElement("button"), { type: "button", className: "btn", textContent: text });
      made.addEventListener("click", act);
      return made;
    };
    part.append(
      line(say.sayClash), quote(say.sayMineWas, op.values), quote(`${say.sayTheirsWas} ${op.theirs.written_by || ""}`, op.theirs),
      button(say.sayMine, () => {
        Object.assign(op, { base: op.theirs.version, once: mint() });
        delete op.theirs;
        write();
        part.remove();
        send();
      }),
      button(say.sayTheirs, () => {
        fill(set, op.theirs);
        set.dataset.version = op.theirs.version;
        state.ops = state.ops.filter((one) => one !== op);
        write();
        part.remove();
        mark(op.id, say.sayAnswerSent);
        send();
      }),
    );
    set.querySelector(".q-source").after(part);
    part.scrollIntoView({ block: "center" });
  };

  // --- Sending: one after the other, in the order in which it was written.
  const post = (token, path, body, once) =>
    fetch(`${API}${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token, "Idempotency-Key": once },
      body: JSON.stringify(body),
    });
  const full = (given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== "" && value !== 0 && value !== undefined));
  const ROUTES = {
    start: (op) => [`/${say.visit}/transitions/start`, { stated_at: op.stated }],
    sheet: (op) => [`/${say.visit}/transitions/open_sheet`, { person: op.person, id: op.id, stated_at: op.stated }],
    answer: (op) => [
      `/sheets/${op.sheet}/answers/${op.id}`,
      full({ ...op.values, deduction: Number(op.values.deduction) || 0, version: op.base, item: op.item, stated_at: op.stated }),
    ],
  };

  // The page as it stands for whoever is signed in now: the sign that there is a network, and whose it is.
  const knock = async () => {
    const answer = await fetch(location.pathname, { headers: { "X-Visit-Knock": "1" }, cache: "no-store" });
    if (answer.redirected || answer.status === 401) return { expired: true };
    if (!answer.ok) throw new Error("away");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("visit");
    if (!found) return { expired: true };
    return { token: page.querySelector("input[name=csrfmiddlewaretoken]").value, user: found.dataset.user, started: !!found.dataset.started, page };
  };

  const accepted = async (op, answer) => {
    state.ops = state.ops.filter((one) => one !== op);
    if (op.kind === "answer") {
      const kept = await answer.json();
      const set = field(op.id);
      if (set) set.dataset.version = kept.version;
      const newer = state.ops.find((one) => one.kind === "answer" && one.id === op.id);
      if (newer) newer.base = kept.version;
      mark(op.id, say.sayAnswerSent);
    } else if (op.kind === "sheet") state.sheets = state.sheets.filter((one) => one.id !== op.id);
    write();
  };

  const refused = async (op, answer, token) => {
    const problem = await answer.json();
    const first = (problem.refusals || [])[0] || {};
    if (op.kind === "start" && first.code === "status") {
      // Somebody else of the list has started it.
      state.ops = state.ops.filter((one) => one !== op);
      write();
      return true;
    }
    if (op.kind === "answer" && first.code === "answer.changed") {
      const sheet = await (await fetch(`${API}/sheets/${op.sheet}`)).json();
      op.theirs = sheet.answers.find((one) => one.id === op.id || (op.item && one.item === op.item));
      if (op.theirs) {
        write();
        clash(op);
        return false;
      }
    }
    op.wrong = first.text || Object.values(problem.fields || {}).flat()[0] || problem.text || "";
    write();
    mark(op.id, op.wrong);
    return false;
  };

  const send = async () => {
    if (running) return;
    clearTimeout(timer);
    if (!state.ops.length) {
      tell("sent", say.saySent);
      return;
    }
    running = true;
    let isStructure = false;
    let isTrouble = false;
    try {
      tell("sending", say.saySending);
      const now = await knock();
      if (now.expired) return tell("trouble", say.sayExpired);
      if (now.user !== say.user) return tell("trouble", say.sayOther);
      if (csrf()) for (const input of doc.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = now.token;
      const blocked = new Set();
      for (const op of [...state.ops]) {
        if (blocked.has("visit") || blocked.has(op.sheet)) continue;
        if (op.theirs) {
          isTrouble = true;
          continue;
        }
        const further = visit.kinds[op.kind];
        if (further) {
          const came = await further(op, now.token);
          if (came === "expired") return tell("trouble", say.sayExpired);
          if (came === "sent") {
            visit.forget(op);
            isStructure ||= op.kind === "close";
          } else isTrouble = true;
          continue;
        }
        const [path, body] = ROUTES[op.kind](op);
        const once = op.once;
        const answer = await post(now.token, path, body, once);
        // Written on meanwhile: the newer content goes next time.
        if (op.once !== once) {
          if (answer.ok) op.base = (await answer.json()).version || op.base;
          write();
          continue;
        }
        if (answer.ok) {
          await accepted(op, answer);
          if (op.kind !== "answer") isStructure = true;
        } else if (answer.status === 401) {
          return tell("trouble", say.sayExpired);
        } else if (answer.status >= 500) {
          throw new Error("away");
        } else if (await refused(op, answer, now.token)) {
          isStructure = true;
        } else {
          isTrouble = true;
          if (op.kind === "start") blocked.add("visit");
          if (op.kind === "sheet") blocked.add(op.id);
        }
      }
      if (isTrouble) {
        const wrong = state.ops.find((one) => one.wrong);
        if (!wrong && !state.ops.some((one) => one.theirs)) later(500);
        tell("trouble", state.ops.some((one) => one.theirs) ? say.sayClash : `${say.sayTrouble} ${wrong ? wrong.wrong : ""}`);
      } else if (state.ops.length) later(500);
      else {
        tell("sent", say.saySent);
        if (isStructure) location.reload();
      }
    } catch {
      tell("off", say.sayOff);
      later(AGAIN);
    } finally {
      running = false;
    }
    return undefined;
  };
  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  };

  // --- What has been begun here is not offered again.
  const tidy = () => {
    const begun = doc.getElementById("visit-start");
    if (begun && state.ops.some((op) => op.kind === "start")) {
      const words = doc.createElement("p");
      words.textContent = say.sayStartKept;
      begun.replaceChildren(words);
    }
    const choice = doc.getElementById("visit-person");
    for (const op of state.ops) if (op.kind === "sheet") choice?.querySelector(`option[value="${CSS.escape(String(op.person))}"]`)?.remove();
  };

  // --- A person added here: the questions of the list from the page's own template.
  const show = (sheet) => {
    if (doc.getElementById(`sheet-${sheet.id}`)) return;
    const part = doc.createElement("section");
    part.className = "card sheet visit-sheet";
    part.id = `sheet-${sheet.id}`;
    part.dataset.sheet = sheet.id;
    const head = doc.createElement("h2");
    head.textContent = `${sheet.name} ${say.sayLocal}`;
    part.append(head);
    const blank = doc.getElementById("visit-question").content.cloneNode(true);
    for (const set of blank.querySelectorAll("fieldset[data-answer]")) {
      const old = set.dataset.answer;
      const key = sheet.answers[set.dataset.item];
      set.dataset.answer = key;
      set.dataset.version = "1";
      for (const one of set.querySelectorAll("[id], [name], [for]")) {
        for (const name of ["id", "name", "for"]) if (one.hasAttribute(name)) one.setAttribute(name, one.getAttribute(name).replace(old, key));
      }
    }
    for (const one of blank.querySelectorAll("[id$='-blank'], [name$='-blank'], [for$='-blank']")) {
      for (const name of ["id", "name", "for"]) if (one.hasAttribute(name)) one.setAttribute(name, one.getAttribute(name).replace("-blank", `-${sheet.id}`));
    }
    part.append(blank);
    doc.getElementById("visit-new").append(part);
    doc.dispatchEvent(new CustomEvent("zf:added"));
    visit.ready(part);
  };

  // --- What the pictures and the end of a sheet (visit-close.js) take part in.
  const visit = (globalThis.zfVisit = {
    say, api: API, kinds: {}, ready: () => {}, state: () => state, write, tell, values, send: () => send(),
    forget: (op) => {
      state.ops = state.ops.filter((one) => one !== op);
      write();
    },
    changed: () => {
      if (!running) tell(navigator.onLine ? "kept" : "off", navigator.onLine ? "" : say.sayOff);
      later(300);
    },
  });

  // --- Events.
  box.addEventListener("input", (event) => {
    const set = event.target.closest("fieldset[data-answer]");
    if (!set || event.target.type === "file") return;
    noted(set);
    visit.changed();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  box.querySelector("[data-start]")?.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!state.ops.some((op) => op.kind === "start")) {
      state.ops.unshift({ kind: "start", id: "start", stated: new Date().toISOString(), once: mint() });
      write();
    }
    tidy();
    tell("kept", say.sayStartKept);
    send();
  });
  box.querySelector("[data-add-person]")?.addEventListener("submit", (event) => {
    const isBegun = say.started || state.ops.some((op) => op.kind === "start");
    if (!isBegun) return;
    event.preventDefault();
    const choice = event.target.elements.person.selectedOptions[0];
    if (!choice) return;
    const answers = {};
    for (const set of doc.getElementById("visit-question").content.querySelectorAll("fieldset[data-answer]")) answers[set.dataset.item] = mint();
    const sheet = { id: mint(), name: choice.textContent, answers };
    state.sheets.push(sheet);
    state.ops.push({ kind: "sheet", id: sheet.id, person: choice.value, stated: new Date().toISOString(), once: mint() });
    write();
    show(sheet);
    tidy();
    doc.getElementById(`sheet-${sheet.id}`).querySelector("textarea")?.focus();
    send();
  });
  addEventListener("online", send);
  doc.addEventListener("visibilitychange", () => doc.visibilityState === "visible" && send());

  // --- Beginning.
  const begin = () => {
    read();
    tidy();
    for (const sheet of state.sheets) show(sheet);
    for (const op of state.ops.filter((one) => one.kind === "answer")) {
      const set = field(op.id);
      if (!set) continue;
      fill(set, op.values);
      mark(op.id, op.wrong || say.sayAnswerKept);
      if (op.theirs) clash(op);
    }
    // The beginning of a closing that somebody else has written meanwhile is no longer wanted.
    for (const sheet of Object.keys(state.drafts)) if (!box.querySelector(`[data-sheet="${CSS.escape(sheet)}"] [data-close-part]`)) delete state.drafts[sheet];
    write();
    send();
    globalThis.zfKept.keepPage(say).then((done) => {
      pageKept = done;
      if (!running) send();
    });
  };
  doc.addEventListener("DOMContentLoaded", begin);
})();
