// The attempt is closed: nothing of it stays in this browser.
for (const name of ["localStorage", "sessionStorage"]) {
  try {
    const store = window[name], kept = `${document.currentScript.dataset.kept}.`;
    for (const slot of Object.keys(store)) if (slot.startsWith(kept)) store.removeItem(slot);
  } catch { /* a browser that keeps nothing */ }
}
