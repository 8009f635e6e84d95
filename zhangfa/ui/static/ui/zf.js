// The shell's own behaviour. Everything here makes a working page nicer; nothing here is needed to do the work.
(() => {
  "use strict";
  const doc = document;
  const root = doc.documentElement;
  const all = (selector, from = doc) => from.querySelectorAll(selector);

  // --- Menus: one open at a time, closed by Escape and by a click elsewhere.
  const closeDrops = (except) => {
    for (const drop of all("details.drop[open]")) if (drop !== except) drop.open = false;
  };
  doc.addEventListener("click", (event) => {
    closeDrops(event.target.closest("details.drop"));
    const close = event.target.closest(".toast-note > [data-close]");
    if (close) close.parentElement.remove();
    const cancel = event.target.closest("#act [data-cancel], #act .form-foot a.btn");
    if (cancel) {
      event.preventDefault();
      const act = doc.createElement("div");
      act.id = "act";
      cancel.closest("#act").replaceWith(act);
      doc.querySelector(".record-actions a")?.focus();
    }
  });
  const isAsGiven = (field) => {
    if (field.type === "file") return !field.files.length;
    if (!field.matches("select")) return field.value === field.defaultValue && field.checked === field.defaultChecked;
    const given = [...field.options].findIndex((option) => option.defaultSelected);
    return field.multiple || field.selectedIndex === Math.max(given, 0);
  };
  const isUntouched = (box) => [...all("input, textarea, select", box)].every(isAsGiven);
  doc.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const open = doc.querySelector("details.drop[open]");
      if (open) {
        open.open = false;
        open.querySelector("summary").focus();
      } else {
        // A step opened by mistake is closed again; one in which something was typed is not thrown away.
        const act = event.target.closest("#act");
        if (act && isUntouched(act)) act.querySelector("[data-cancel], .form-foot a.btn")?.click();
      }
    }
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const find = doc.getElementById("find");
      if (find) {
        event.preventDefault();
        find.focus();
        find.select();
      }
    }
    if (event.key === "Enter" && event.target.closest("[data-lookup] input[type=search]")) {
      event.preventDefault();
      htmx.trigger(event.target, "search");
    }
  });

  // --- Light and dark without leaving the page; the cookie is what the server reads next time.
  doc.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-theme-switch]")) return;
    event.preventDefault();
    const theme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.removeAttribute("data-theme-auto");
    root.dataset.bsTheme = theme;
    const secure = location.protocol === "https:" ? "; secure" : "";
    doc.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax${secure}`;
  });

  // --- Notes at the corner.
  const note = (text, kind, link) => {
    const box = doc.createElement("div");
    box.className = `toast-note is-${kind}`;
    const words = doc.createElement("p");
    words.textContent = text;
    if (link) {
      const anchor = doc.createElement("a");
      anchor.href = link[1];
      anchor.target = "_blank";
      anchor.rel = "noopener";
      anchor.textContent = link[0];
      words.append(" ", anchor);
    }
    const close = doc.createElement("button");
    close.type = "button";
    close.dataset.close = "";
    close.textContent = "×";
    close.setAttribute("aria-label", "×");
    box.append(words, close);
    // Said once: a pile of the same words would cover the form that they are about.
    for (const old of all(".toast-note")) if (old.firstElementChild?.textContent === words.textContent) old.remove();
    doc.getElementById("toasts")?.append(box);
  };
  const fade = () => {
    const fresh = all(".toast-note.is-success:not([data-seen]), .toast-note.is-info:not([data-seen])");
    // The news of a moment ago makes room: on a phone a pile of them would cover the button.
    if (fresh.length) for (const old of all(".toast-note[data-seen]")) old.remove();
    for (const box of fresh) {
      box.dataset.seen = "";
      setTimeout(() => box.remove(), 8000);
    }
  };

  // --- htmx: words for what went wrong; the form stays as it is.
  // Signed in again in another window: the forms of this page take its mark, unless it is somebody else now.
  const signedInAgain = (xhr) => {
    const say = doc.body.dataset;
    if (xhr.getResponseHeader("X-Signed-In") !== doc.getElementById("badges")?.dataset.user) return note(say.sayOther, "error");
    for (const mark of all("input[name=csrfmiddlewaretoken]")) mark.value = xhr.getResponseHeader("X-CSRFToken");
    for (const old of all(".toast-note.is-error")) old.remove();
    return note(say.sayAgain, "info");
  };
  const offline = (event) => event.detail.elt.id === "badges" || note(doc.body.dataset.sayOffline, "error");
  doc.addEventListener("htmx:sendError", offline);
  doc.addEventListener("htmx:timeout", offline);
  doc.addEventListener("htmx:responseError", (event) => {
    const say = doc.body.dataset;
    // The counts ask by themselves; only what a person asked for is answered with words.
    if (event.detail.elt.id === "badges") return;
    if (event.detail.xhr.status === 401) note(say.sayExpired, "error", [say.saySignIn, say.signIn]);
    else if (event.detail.xhr.getResponseHeader("X-CSRFToken")) signedInAgain(event.detail.xhr);
    else note(say.sayError, "error");
  });
  doc.addEventListener("htmx:configRequest", (event) => {
    // Empty filters don't belong in the address.
    if (event.detail.verb !== "get") return;
    const data = event.detail.formData;
    for (const [name, value] of [...data.entries()]) if (value === "") data.delete(name);
  });
  // The head comes again with the rest of the record; where nothing has happened meanwhile it stays, lest a button be changed under a finger.
  doc.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (target.id === "status" && target.isEqualNode(fragment.firstElementChild)) event.detail.shouldSwap = false;
  });
  doc.addEventListener("zf:changed", () => {
    for (const part of all("details.part[open] .part-body")) htmx.trigger(part, "zf:reload");
  });
  // A button that has been pressed is not pressed again while the answer is on its way.
  const busy = (form, on) => {
    for (const button of all("button[type=submit]", form)) {
      button.setAttribute("aria-disabled", on);
      button.classList.toggle("is-busy", on);
    }
  };
  doc.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt;
    if (!form.matches("form[data-form]")) return;
    if (form.dataset.busy) event.preventDefault();
    form.dataset.busy = "1";
    busy(form, true);
  });
  doc.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    if (!form.matches?.("form[data-form]")) return;
    delete form.dataset.busy;
    busy(form, false);
  });

  // --- 选填 beside a field that some answers of another field make compulsory.
  doc.addEventListener("change", ({ target }) => {
    for (const mark of all("[data-needed-for]", target.form || target)) {
      const [name, ...answers] = mark.dataset.neededFor.split(" ");
      if (target.name !== name) continue;
      const isGiven = (box) => box.checked || !["radio", "checkbox"].includes(box.type);
      mark.hidden = [...all(`[name="${name}"]`, target.form)].some((box) => isGiven(box) && answers.includes(box.value));
    }
  });

  // --- Counts: the last known ones stand there until the page's own request has brought the new ones.
  const counts = doc.getElementById("badges");
  const shelf = counts && `zf-counts-${counts.dataset.user}`;
  const recall = () => {
    const known = JSON.parse((shelf && sessionStorage.getItem(shelf)) || "{}");
    for (const [id, text] of Object.entries(known)) {
      const mark = doc.getElementById(id);
      if (mark && text) {
        mark.textContent = text;
        mark.hidden = false;
      }
    }
  };
  doc.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== counts || !event.detail.successful) return;
    const known = {};
    for (const mark of all("[data-count]")) known[mark.id] = mark.hidden ? "" : mark.firstChild.textContent;
    sessionStorage.setItem(shelf, JSON.stringify(known));
  });

  // --- Photos: previews, and several shots of the camera gathered in one field.
  const preview = (box) => {
    const list = box.querySelector("[data-thumbs]");
    const files = [...box.querySelector("input[multiple]").files];
    list.replaceChildren();
    list.hidden = files.length === 0;
    files.forEach((file, index) => {
      const item = doc.createElement("li");
      if (file.type.startsWith("image/")) {
        const image = doc.createElement("img");
        image.alt = file.name;
        image.src = URL.createObjectURL(file);
        image.onload = () => URL.revokeObjectURL(image.src);
        image.onerror = () => image.remove();
        item.append(image);
      }
      const name = doc.createElement("span");
      name.textContent = file.name;
      const drop = doc.createElement("button");
      drop.type = "button";
      drop.textContent = "×";
      drop.setAttribute("aria-label", `× ${file.name}`);
      drop.addEventListener("click", () => keep(box, files.filter((_, at) => at !== index)));
      item.append(name, drop);
      list.append(item);
    });
  };
  const keep = (box, files) => {
    const bag = new DataTransfer();
    for (const file of files) bag.items.add(file);
    const input = box.querySelector("input[multiple]");
    input.files = bag.files;
    box.gathered = files;
    preview(box);
  };
  doc.addEventListener("change", (event) => {
    const box = event.target.closest("[data-photos]");
    if (!box || event.target.type !== "file") return;
    const fresh = [...event.target.files];
    if (event.target.hasAttribute("capture")) event.target.value = "";
    keep(box, [...(box.gathered || []), ...fresh]);
  });

  // --- Signature pad.
  const pad = (box) => {
    if (box.dataset.ready) return;
    box.dataset.ready = "1";
    const frame = box.querySelector("[data-sign-box]");
    const canvas = box.querySelector("[data-sign-pad]");
    const store = box.querySelector("input[type=hidden]");
    frame.hidden = false;
    const pen = canvas.getContext("2d");
    pen.lineWidth = 4;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#14202b";
    let isDown = false;
    let length = 0;
    const place = (event) => {
      const edge = canvas.getBoundingClientRect();
      return [((event.clientX - edge.left) * canvas.width) / edge.width, ((event.clientY - edge.top) * canvas.height) / edge.height];
    };
    canvas.addEventListener("pointerdown", (event) => {
      isDown = true;
      canvas.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.moveTo(...place(event));
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!isDown) return;
      for (const step of event.getCoalescedEvents?.() || [event]) {
        pen.lineTo(...place(step));
        length += 1;
      }
      pen.stroke();
    });
    const lift = () => {
      if (!isDown) return;
      isDown = false;
      // A dot by accident is no signature.
      store.value = length > 8 ? canvas.toDataURL("image/png") : "";
    };
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);
    box.querySelector("[data-sign-clear]").addEventListener("click", () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      store.value = "";
      length = 0;
    });
    if (store.value) {
      const image = new Image();
      image.onload = () => pen.drawImage(image, 0, 0);
      image.src = store.value;
      length = 99;
    }
  };

  // --- What pages keep on this device (keys `zf-kept:<user>:…`, caches `zf-kept-<user>`) is for whoever is signed in, and for nobody else.
  const KEPT = "zf-kept";
  const keptBy = (user) => Object.keys(localStorage).filter((key) => key.startsWith(`${KEPT}:${user}:`));
  const forgetPages = async (except) => {
    if (!("caches" in window)) return;
    for (const name of await caches.keys()) if (name.startsWith(`${KEPT}-`) && name !== `${KEPT}-${except}`) await caches.delete(name);
  };
  // Pictures and written names lie in stores of their own, the pages in the hands of a worker of their own.
  const forgetStores = async (except) => {
    const known = (await window.indexedDB?.databases?.()) || [];
    for (const { name } of known) if (name.startsWith(`${KEPT}-`) && name !== `${KEPT}-${except}`) indexedDB.deleteDatabase(name);
  };
  const dismiss = async () => {
    for (const worker of (await navigator.serviceWorker?.getRegistrations()) || []) worker.unregister();
  };
  const guardKept = () => {
    const user = counts?.dataset.user;
    // Signed out by time: the pages go, what was not sent yet waits for its writer. Somebody else: all of it goes.
    forgetPages(user);
    if (!user) return;
    forgetStores(user);
    for (const key of Object.keys(localStorage)) if (key.startsWith(`${KEPT}:`) && !key.startsWith(`${KEPT}:${user}:`)) localStorage.removeItem(key);
  };
  doc.addEventListener("submit", (event) => {
    if (!event.target.matches("form[action$='/accounts/logout/']") || event.defaultPrevented) return;
    const kept = keptBy(counts?.dataset.user || "");
    if (kept.length && !window.confirm(doc.body.dataset.sayKept)) {
      event.preventDefault();
      return;
    }
    for (const key of kept) localStorage.removeItem(key);
    forgetPages("");
    forgetStores("");
    dismiss();
  });

  // --- What is to be passed on is copied by a button; without scripts the field itself can be selected.
  const copy = async (button) => {
    const field = doc.getElementById(button.dataset.copy);
    field.select();
    // Only pages of a safe origin may write the clipboard by themselves; elsewhere the selection is copied.
    if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
    else if (!doc.execCommand("copy")) return;
    button.querySelector("span").textContent = button.dataset.said;
  };
  doc.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button).catch(() => {});
  });

  const start = () => {
    guardKept();
    for (const button of all("[data-copy][hidden]")) button.hidden = false;
    for (const box of all("[data-sign]:not(input)")) pad(box);
    for (const box of all("[data-photos]")) {
      const files = [...box.querySelector("input[multiple]").files];
      if (files.length) keep(box, files);
    }
    fade();
  };
  // What was typed or chosen while the scripts were still on their way is heeded as soon as they are here.
  const catchUp = () => {
    for (const field of all("form input[type=search], form input[type=radio]:checked, form input[type=checkbox], form select")) {
      if (isAsGiven(field)) continue;
      const isText = field.type === "search";
      if (!isText) htmx.trigger(field, "change");
      else if (field.closest("[data-lookup]")) htmx.trigger(field, "search");
      else if (field.form.hasAttribute("hx-get")) htmx.trigger(field.form, "submit");
    }
  };
  doc.addEventListener("DOMContentLoaded", start);
  doc.addEventListener("DOMContentLoaded", catchUp);
  recall();
  doc.addEventListener("htmx:afterSettle", start);
  doc.addEventListener("zf:added", start);
})();
