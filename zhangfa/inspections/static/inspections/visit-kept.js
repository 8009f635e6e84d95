// What a telephone keeps of a visit besides words: pictures and written names, in a store of the person signed in.
globalThis.zfKept = (() => {
  "use strict";
  const user = document.getElementById("visit")?.dataset.user || "";
  const SIDE = 1600;
  const QUALITY = 0.82;

  // --- The store is opened for one thing and closed again, so that signing out can always delete it.
  const open = () =>
    new Promise((done, fail) => {
      const asked = indexedDB.open(`zf-kept-${user}`, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("things");
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
    });
  const once = async (mode, act) => {
    const base = await open();
    try {
      return await new Promise((done, fail) => {
        const work = base.transaction("things", mode);
        const asked = act(work.objectStore("things"));
        work.oncomplete = () => done(asked.result);
        work.onabort = work.onerror = () => fail(work.error);
      });
    } finally {
      base.close();
    }
  };
  const put = (key, thing) => once("readwrite", (shelf) => shelf.put(thing, key));
  const get = (key) => once("readonly", (shelf) => shelf.get(key));
  const drop = (key) => once("readwrite", (shelf) => shelf.delete(key));

  // --- A picture small enough for a weak network; what the browser can't read is kept as it is.
  const shrink = async (file) => {
    let image;
    try {
      image = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      return file;
    }
    const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return small || file;
  };

  // --- A name that sorts by time (UUID version 7), minted here so that the same thing sent twice is one thing.
  const mint = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    let now = Date.now();
    for (let at = 5; at >= 0; at -= 1) {
      bytes[at] = now % 256;
      now = Math.floor(now / 256);
    }
    bytes[6] = (bytes[6] & 15) | 112;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };

  // --- The page itself, kept on the telephone where the connection is encrypted; the worker may speak for this page only.
  const keepPage = async (say) => {
    if (!("serviceWorker" in navigator)) return false;
    try {
      await navigator.serviceWorker.register(say.worker, { scope: location.pathname });
      const worker = await navigator.serviceWorker.ready;
      const line = new MessageChannel();
      const done = new Promise((tell) => {
        line.port1.onmessage = (event) => tell(event.data);
      });
      worker.active.postMessage({ user: say.user, page: location.pathname, files: say.files.split(" ") }, [line.port2]);
      return !!(await done) || (await caches.has(`zf-kept-${say.user}`));
    } catch {
      // Refused by the browser: what is written is kept all the same.
      return false;
    }
  };

  return { keepPage, put, get, drop, shrink, mint };
})();
