/** The names of a text as they are when nothing is done to them: without articles that are joined to them, cases and affixes. */

/** `L'hôpital`, `d'Élodie`, `dell'Arno`: an article or preposition, and the word. */
const elided = /^(?:[cdjlmnst]|qu|un|all|dall|dell|nell|sull|quest|sant)['’](?=\p{L}{2})/u;

/** Endings of the cases of a name, and of its nominative, behind what all of its forms have in common. */
interface Cases {
  endings: ReadonlySet<string>;
  nominative: ReadonlySet<string>;
}

const casesOf = (endings: string, nominative: string): Cases => ({
  endings: new Set(["", ...endings.split(" ")]),
  nominative: new Set(["", ...nominative.split(" ")]),
});

const cases: ReadonlyMap<string, Cases> = new Map([
  ["ru", casesOf("а я у ю ы и е ой ей ёй ом ем ём ым ою ею ии ию ией", "а я ь й ия о")],
  ["pl", casesOf("a ą ę y i e ie u iem em owi o om ii ię iu ią ia iego iem im ej", "a ia i y o")],
]);

/** A name in the form in which it is told of. `known` are names that are known in the language, in lower case. */
export function baseForm(name: string, language: string, known: ReadonlySet<string>): string {
  switch (language) {
    case "fr":
    case "it":
      return name.replace(elided, "");
    case "tr":
      return name.replace(/['’]\p{L}+$/u, "");
    case "de":
    case "nl":
      return known.has(name.toLowerCase().replace(/['’]?s$/u, "")) ? name.replace(/['’]?s$/u, "") : name;
    case "ru":
    case "pl":
      return nominativeOf(name, language, known) ?? surname(name);
    default:
      return name;
  }
}

/** The known name, as it is written with a capital, that this is a case of; null when it is of none. */
export function nominativeOf(name: string, language: string, known: ReadonlySet<string>): string | null {
  const lower = name.toLowerCase();
  if (known.has(lower)) return name;
  const forms = cases.get(language);
  if (forms === undefined || lower.length < 3) return null;
  for (const each of known) {
    if (!isCaseOf(lower, each, forms)) continue;
    return /^\p{Lu}/u.test(name) ? each.charAt(0).toUpperCase() + each.slice(1) : each;
  }
  return null;
}

/** Accents come and go with the endings: `Kraków`, `Krakowa`. */
const plain = (text: string) =>
  text
    .normalize("NFKD")
    .replace(/[\u0301\u0300\u0308]/gu, "")
    .normalize("NFC");

function isCaseOf(form: string, known: string, { endings, nominative }: Cases): boolean {
  const [a, b] = [plain(form), plain(known)];
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared += 1;
  if (shared < 3 && shared < known.length - 1) return false;
  if (shared < 2) return false;
  const [ending, last] = [a.slice(shared), b.slice(shared)];
  if (endings.has(ending) && nominative.has(last)) return true;
  // A vowel that only the nominative has: `Павел`, `Павла`; `Wiedeń`, `Wiedniu`.
  const [, consonant = ""] = /^[eеёо](\p{L})[ьй]?$/u.exec(last) ?? [];
  return consonant !== "" && ending.startsWith(consonant) && endings.has(ending.slice(consonant.length));
}

/** `Орлову`, `Орловым` is Орлов, `Zielińskiego` Zieliński, `Wójcikiem` Wójcik: without the case that only a man's has. */
function surname(name: string): string {
  return name
    .replace(/(?<=\p{L}{2}(?:ов|ев|ёв|ин))(?:у|ым|е)$/u, "")
    .replace(/(?<=\p{L}{3}(?:ер|ман|берг))(?:у|ом|а)$/u, "")
    .replace(/(?<=\p{L}{3}[шжчщ])ем$/u, "")
    .replace(/(?<=\p{L}{2}[sc]k)(?:iego|iemu|im)$/u, "i")
    .replace(/(?<=\p{L}{2}[kg])iem$/u, "");
}

/** The second part of a man's full name, in the case of the first: `Томаса Манна`. */
export function masculineSurname(name: string): string {
  return surname(name).replace(/(?<=\p{L}{2}[бвгджзклмнпрстфхцчшщ])(?:а|у|ом|е)$/u, "");
}

/** A feminine adjective before or behind a street or a hospital: `Садовой улице`, `ulicy Ogrodowej`. */
export function adjectiveBeside(noun: string, adjective: string): string {
  if (/[аa]$/u.test(noun))
    return adjective
      .replace(/(?:ой|ую)$/u, "ая")
      .replace(/(?:ей|юю)$/u, "яя")
      .replace(/ej$/u, "a");
  return adjective
    .replace(/(?:ом|ого|ому)$/u, "ый")
    .replace(/(?:im|iego)$/u, "i")
    .replace(/(?:ym|ego)$/u, "y");
}

/** Particles that follow a Korean noun, longest first. */
const particles =
  /(?:에서는|에게서|으로|에서|에게|한테|께서|부터|까지|이랑|하고|이가|은|는|이|가|을|를|의|에|께|와|과|로|도|만|랑)$/u;

/** A Korean word without its particle, and the shorter one where a name has a vowel put behind it (`지은이가`). */
export function koreanStems(word: string): string[] {
  const stem = word.replace(particles, "");
  return stem === "" ? [word] : [word, stem, stem.replace(/이$/u, "")];
}

/** A Hebrew or Arabic word without the small words that are written as its first letters, one of them or two: `بكريم` is كريم with one. */
export function semiticStems(word: string, language: string): string[] {
  const small = language === "he" ? "ובלמהשכ" : "وفبلك";
  const stems = [1, 2].map((count) =>
    word.replace(new RegExp(`^[${small}]{${count}}(?=\\p{L}{3})`, "u"), ""),
  );
  return [...new Set([word, ...stems])];
}
