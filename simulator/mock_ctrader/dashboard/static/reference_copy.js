// Buttons that copy what stands elsewhere on the page.

export function offerCopies() {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Select and copy it"; // plain http on another name than localhost
      }
    });
  }
}
