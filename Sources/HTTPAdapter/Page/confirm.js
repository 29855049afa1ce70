// A question before something is deleted.

const element = (id) => document.getElementById(id);

/**
 * @param {{title: string, text: string, yes: string, no: string}} question
 * @returns {Promise<boolean>} whether the answer is yes; false when the dialog is closed
 */
export function confirmed({ title, text, yes, no }) {
  const dialog = element("confirm-dialog");
  for (const [name, value] of Object.entries({ title, text, yes, no })) element(`confirm-${name}`).textContent = value;
  return new Promise((resolve) => {
    let answer = false;
    element("confirm-yes").onclick = () => { answer = true; dialog.close(); };
    element("confirm-no").onclick = () => dialog.close();
    dialog.onclose = () => resolve(answer);
    dialog.showModal();
  });
}
