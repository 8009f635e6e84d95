// Pictures, and the end of a sheet on the spot: what it comes to, and both names written on this telephone.
(() => {
  "use strict";
  const doc = document;
  const box = doc.getElementById("visit");
  const visit = globalThis.zfVisit;
  const kept = globalThis.zfKept;
  if (!box || !visit) return;
  const { say, api } = visit;
  const RECORDS = "/api/v1/records";
  const ROLES = ["asked", "inspector"];
  const ops = (kind, sheet) => visit.state().ops.filter((op) => op.kind === kind && (!sheet || op.sheet === sheet));
  const sheetOf = (place) => place.closest("[data-sheet]");
  const element = (tag, text, more = {}) => Object.assign(doc.createElement(tag), { textContent: text, ...more });
  const button = (text, act) => {
    const made = element("button", text, { type: "button", className: "btn" });
    made.addEventListener("click", act);
    return made;
  };
  const plain = (text) => String(text ?? "").normalize("NFKC").replace(/\s+/g, "");

  // --- Pictures.
  const frame = (op, picture) => {
    const shelf = [...box.querySelectorAll(`[data-sheet="${CSS.escape(op.sheet)}"] [data-photo-box]`)].find((one) => one.dataset.place === op.place);
    if (!shelf) return;
    const list = shelf.querySelector("[data-thumbs]");
    const item = doc.createElement("li");
    item.dataset.photo = op.id;
    const image = element("img", "", { alt: op.name, src: URL.createObjectURL(picture) });
    image.onload = () => URL.revokeObjectURL(image.src);
    image.onerror = () => image.remove();
    const words = element("span", op.wrong || say.sayPhotoKept);
    const away = element("button", "×", { type: "button" });
    away.setAttribute("aria-label", `× ${op.name}`);
    away.addEventListener("click", async () => {
      visit.forget(op);
      item.remove();
      await kept.drop(op.id);
      visit.send();
    });
    item.append(image, words, away);
    list.append(item);
    list.hidden = false;
  };
  const framed = (op) => box.querySelector(`[data-photo="${CSS.escape(op.id)}"]`);
  const add = async (input) => {
    const shelf = input.closest("[data-photo-box]");
    const files = [...input.files];
    input.value = "";
    for (const file of files) {
      const small = file.type.startsWith("image/") ? await kept.shrink(file) : file;
      const taken = new Date(file.lastModified || Date.now()).toISOString();
      const op = { kind: "photo", id: kept.mint(), sheet: sheetOf(shelf).dataset.sheet, place: shelf.dataset.place, name: file.name.slice(-80), taken, once: kept.mint() };
      try {
        await kept.put(op.id, small);
      } catch {
        visit.tell("trouble", say.sayFull);
        return;
      }
      visit.state().ops.push(op);
      visit.write();
      frame(op, small);
    }
    if (files.length) visit.changed();
  };
  const problemOf = async (answer) => {
    const problem = await answer.json();
    return ((problem.refusals || [])[0] || {}).text || Object.values(problem.fields || {}).flat()[0] || problem.text || "";
  };
  // Sent, or what stood in the way; a network that is gone is thrown.
  const outcome = async (op, answer) => {
    if (answer.ok) return "sent";
    if (answer.status === 401) return "expired";
    if (answer.status >= 500 || answer.status === 429) throw new Error("away");
    op.wrong = await problemOf(answer);
    visit.write();
    return "trouble";
  };
  visit.kinds.photo = async (op, token) => {
    const picture = await kept.get(op.id);
    if (!picture) return "sent";
    const body = new FormData();
    const name = picture.type === "image/jpeg" ? `${op.name.replace(/\.[^.]*$/, "")}.jpg` : op.name;
    for (const [key, value] of [["kind", "scene"], ["place", op.place], ["taken_at", op.taken]]) if (value) body.append(key, value);
    body.append("file", picture, name);
    const headers = { "X-CSRFToken": token, "Idempotency-Key": op.once };
    const came = await outcome(op, await fetch(`${RECORDS}/${op.sheet}/attachments`, { method: "POST", headers, body }));
    const words = framed(op)?.querySelector("span");
    if (came === "sent") {
      await kept.drop(op.id);
      framed(op)?.querySelector("button")?.remove();
    }
    if (words) words.textContent = came === "sent" ? say.sayAnswerSent : op.wrong || say.sayPhotoKept;
    return came;
  };

  // --- The end of a sheet.
  const read = (part) => {
    const found = {};
    for (const input of part.querySelectorAll("[data-close]")) if (input.type !== "radio" || input.checked) found[input.dataset.close] = input.value.trim();
    return found;
  };
  const fill = (part, given) => {
    for (const input of part.querySelectorAll("[data-close]")) {
      if (input.type === "radio") input.checked = given[input.dataset.close] === input.value;
      else input.value = given[input.dataset.close] ?? "";
    }
  };
  const answersOf = (sheet) =>
    [...sheet.querySelectorAll("fieldset[data-answer]")].map((set) => ({ id: set.dataset.answer, item: Number(set.dataset.item) || 0, ...visit.values(set) }));
  const note = (part, ...lines) => part.querySelector("[data-close-state]").replaceChildren(...lines);
  const lock = (sheet, on) => {
    for (const set of sheet.querySelectorAll("fieldset")) set.disabled = on;
    sheet.querySelector("[data-close-button]").hidden = on;
  };
  const show = (op) => {
    const sheet = box.querySelector(`[data-sheet="${CSS.escape(op.sheet)}"]`);
    const part = sheet?.querySelector("[data-close-part]");
    if (!part) return;
    part.hidden = false;
    part.open = true;
    lock(sheet, true);
    const lines = [element("p", op.wrong || say.sayCloseKept)];
    if (!op.done.length) lines.push(button(say.sayReopen, () => reopen(op, sheet, part)));
    if (op.wrong) {
      lines.push(button(say.sayAgain, () => {
        delete op.wrong;
        visit.write();
        show(op);
        visit.send();
      }));
      if (op.done.length) lines.push(button(say.sayLeave, () => leave(op)));
    }
    note(part, ...lines);
  };
  const reopen = async (op, sheet, part) => {
    visit.state().drafts[op.sheet] = op.values;
    visit.forget(op);
    lock(sheet, false);
    note(part);
    for (const role of ROLES) await kept.drop(`${op.sheet}:${role}`);
    for (const clear of part.querySelectorAll("[data-sign-clear]")) clear.click();
  };
  // The rest is done on the sheet's own page.
  const leave = async (op) => {
    visit.forget(op);
    for (const role of ROLES) await kept.drop(`${op.sheet}:${role}`);
    location.assign(`/inspections/sheets/${op.sheet}/`);
  };
  const close = async (sheet, part) => {
    const values = read(part);
    const answers = answersOf(sheet);
    const open = answers.filter((one) => !one.answer || !one.verdict).length;
    if (open) return note(part, element("p", `${say.sayUnmarked} ${open}`, { className: "errors" }));
    if (!values.comment || values.comment.length < 2) return note(part, element("p", say.sayNoComment, { className: "errors" }));
    if (part.querySelector("input[data-close=schedule_match]") && !values.schedule_match) return note(part, element("p", say.sayNoMatch, { className: "errors" }));
    if (values.result === "disagree" && (values.opinion || "").length < 5) return note(part, element("p", say.sayNoOpinion, { className: "errors" }));
    const inks = [];
    for (const role of ROLES) {
      const drawn = part.querySelector(`[data-ink="${role}"]`).value;
      if (!drawn) continue;
      await kept.put(`${sheet.dataset.sheet}:${role}`, drawn);
      inks.push(role);
    }
    const stated = new Date().toISOString();
    const op = { kind: "close", id: kept.mint(), sheet: sheet.dataset.sheet, values, answers, inks, done: [], stated, once: kept.mint() };
    delete visit.state().drafts[op.sheet];
    visit.state().ops.push(op);
    visit.write();
    show(op);
    return visit.changed();
  };
  const post = (token, address, body, once) =>
    fetch(address, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token, "Idempotency-Key": once }, body: JSON.stringify(body) });
  const some = (given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value));
  // What was signed is what the company has: a name written under something else is not used.
  const isSame = async (op) => {
    const there = await (await fetch(`${api}/sheets/${op.sheet}`)).json();
    if (plain(there.comment) !== plain(op.values.comment)) return false;
    return there.answers.length === op.answers.length && there.answers.every((one) => {
      const mine = op.answers.find((other) => other.id === one.id || (other.item && other.item === one.item));
      return mine && ["answer", "verdict", "observation"].every((name) => plain(mine[name]) === plain(one[name])) && (Number(mine.deduction) || 0) === one.deduction;
    });
  };
  const sign = async (op, role, token) => {
    const drawn = await kept.get(`${op.sheet}:${role}`);
    if (!drawn) return "sent";
    const asked = await fetch(`${RECORDS}/${op.sheet}/signatures`);
    if (!asked.ok) return outcome(op, asked);
    const { seen } = await asked.json();
    if (!(await isSame(op))) {
      op.wrong = say.sayInkStale;
      visit.write();
      return "trouble";
    }
    const body = { result: "agree", signature: { drawn }, seen };
    if (role === "asked" && op.values.result === "disagree") Object.assign(body, { result: "disagree", opinion: op.values.opinion });
    return outcome(op, await post(token, `${RECORDS}/${op.sheet}/signatures/${role}`, body, `${op.once}-${role}`));
  };
  const STEPS = {
    written: (op, token) => {
      const { result, opinion, ...values } = op.values;
      return post(token, `${api}/sheets/${op.sheet}/transitions/write_up`, some({ ...values, left_at: op.stated }), `${op.once}-written`);
    },
    handed: (op, token) => post(token, `${api}/sheets/${op.sheet}/transitions/hand_in`, {}, `${op.once}-handed`),
  };
  visit.kinds.close = async (op, token) => {
    // Answers and pictures go first: after the names nothing can be added.
    if (visit.state().ops.some((one) => one !== op && one.sheet === op.sheet)) return "trouble";
    for (const step of ["written", "handed", ...op.inks]) {
      if (op.done.includes(step)) continue;
      const came = STEPS[step] ? await outcome(op, await STEPS[step](op, token)) : await sign(op, step, token);
      if (came !== "sent") {
        show(op);
        return came;
      }
      op.done.push(step);
      delete op.wrong;
      visit.write();
    }
    for (const role of ROLES) await kept.drop(`${op.sheet}:${role}`);
    return "sent";
  };

  // --- Beginning and events.
  const ready = (sheet) => {
    const part = sheet.querySelector("[data-close-part]");
    if (!part) return;
    part.hidden = false;
    const draft = visit.state().drafts[sheet.dataset.sheet];
    const op = ops("close", sheet.dataset.sheet)[0];
    if (op || draft) fill(part, op ? op.values : draft);
    if (op) show(op);
  };
  box.addEventListener("input", (event) => {
    const part = event.target.closest("[data-close-part]");
    if (!part || !event.target.dataset.close) return;
    visit.state().drafts[sheetOf(part).dataset.sheet] = read(part);
    visit.write();
  });
  box.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close-button]")) return;
    const part = event.target.closest("[data-close-part]");
    close(sheetOf(part), part).catch(() => visit.tell("trouble", say.sayFull));
  });
  box.addEventListener("change", (event) => {
    if (event.target.matches("[data-photo-box] input[type=file]")) add(event.target);
  });
  visit.ready = ready;
  doc.addEventListener("DOMContentLoaded", async () => {
    for (const sheet of box.querySelectorAll("[data-sheet]")) ready(sheet);
    for (const op of ops("photo")) {
      const picture = await kept.get(op.id);
      if (picture) frame(op, picture);
    }
  });
})();
