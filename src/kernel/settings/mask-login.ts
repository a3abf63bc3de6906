/** Stands for a secret in what is shown. */
export const mask = "***";

/** Takes user and password out of the URLs in a text. */
export function maskLogin(text: string): string {
  return text.replace(/(\b[a-z][a-z\d+.-]*:\/\/)[^/?#\s"]*@/gi, `$1${mask}@`);
}
