// Copies what stands in a field at a press, and says so. Without this script, or where a browser refuses, there is no
// such button: the field can be selected by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.nextElementSibling.textContent = button.dataset.done;
    } catch { /* it stays selected */ }
  });
}
