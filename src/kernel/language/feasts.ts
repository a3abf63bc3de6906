/**
 * What days of feast are called in each language, as they are written there; those of several words with their spaces. Common ones only, and none that is a
 * name of people or an ordinary word as well.
 */
const lists: ReadonlyMap<string, string> = new Map([
  [
    "en",
    `Christmas, Christmas Eve, Christmas Day, Boxing Day, New Year, New Year's Eve, New Year's Day, New Year's, Hogmanay, Easter, Easter Sunday,
    Easter Monday, Good Friday, Palm Sunday, Ash Wednesday, Pentecost, Whitsun, Shrove Tuesday, Mardi Gras, Thanksgiving, Halloween, Valentine's Day,
    Mother's Day, Father's Day, Labor Day, Memorial Day, Independence Day, Fourth of July, Juneteenth, St Patrick's Day, St. Patrick's Day,
    Bonfire Night, Burns Night, Kwanzaa, Hanukkah, Chanukah, Passover, Pesach, Purim, Rosh Hashanah, Yom Kippur, Sukkot, Ramadan, Eid, Eid al-Fitr,
    Eid al-Adha, Ashura, Nowruz, Diwali, Holi, Vaisakhi, Navratri, Raksha Bandhan, Vesak, Songkran, Lunar New Year, Chinese New Year, Oktoberfest`,
  ],
  [
    "de",
    `Weihnachten, Heiligabend, Silvester, Neujahr, Ostern, Ostersonntag, Ostermontag, Karfreitag, Gründonnerstag, Pfingsten, Pfingstsonntag,
    Pfingstmontag, Christi Himmelfahrt, Fronleichnam, Allerheiligen, Erntedank, Reformationstag, Advent, Fasching, Karneval, Fastnacht, Rosenmontag,
    Muttertag, Vatertag, Zuckerfest, Opferfest, Ramadan, Chanukka, Oktoberfest, Halloween`,
  ],
  [
    "fr",
    `Noël, Pâques, Toussaint, Pentecôte, Ascension, Assomption, Mardi gras, Chandeleur, Épiphanie, Saint-Sylvestre, Saint-Valentin, Vendredi saint,
    lundi de Pâques, jour de l'An, Nouvel An, fête nationale, fête des Mères, fête des Pères, fête de la Musique, Ramadan, Aïd, Hanoucca, Halloween`,
  ],
  [
    "es",
    `Navidad, Nochebuena, Nochevieja, Año Nuevo, Día de Reyes, Semana Santa, Pascua, Domingo de Pascua, Lunes de Pascua, Domingo de Ramos,
    Jueves Santo, Viernes Santo, Pentecostés, Todos los Santos, Día de Muertos, Día de los Muertos, Día de la Madre, Día del Padre, San Valentín, San Fermín,
    Carnaval, Ramadán, Janucá, Halloween`,
  ],
  [
    "it",
    `Natale, Vigilia di Natale, Santo Stefano, Capodanno, San Silvestro, Epifania, Befana, Carnevale, Pasqua, Pasquetta, Venerdì Santo, Pentecoste,
    Ferragosto, Ognissanti, Festa della mamma, Festa del papà, San Valentino, Ramadan, Halloween`,
  ],
  [
    "pt",
    `Natal, Véspera de Natal, Consoada, Ano Novo, Réveillon, Carnaval, Páscoa, Domingo de Páscoa, Sexta-feira Santa, Pentecostes, Todos os Santos,
    Dia da Mãe, Dia das Mães, Dia do Pai, Dia dos Pais, Dia dos Namorados, Santos Populares, Festa Junina, Ramadão, Ramadã, Halloween`,
  ],
  [
    "nl",
    `Kerst, Kerstmis, Kerstavond, Eerste Kerstdag, Tweede Kerstdag, Oudejaarsavond, Oud en Nieuw, Nieuwjaar, Pasen, Eerste Paasdag, Tweede Paasdag,
    Goede Vrijdag, Hemelvaart, Hemelvaartsdag, Pinksteren, Koningsdag, Bevrijdingsdag, Sinterklaas, Moederdag, Vaderdag, Carnaval, Suikerfeest,
    Offerfeest, Ramadan, Halloween`,
  ],
  [
    "pl",
    `Wielkanoc, Wigilia, Sylwester, Boże Narodzenie, Bożego Narodzenia, Wielki Piątek, Nowy Rok, Trzech Króli, Boże Ciało, Wszystkich Świętych,
    Zaduszki, Andrzejki, Dzień Matki, Ramadan, Halloween`,
  ],
  [
    "ru",
    "Пасха, Рождество, Новый год, Масленица, День Победы, Рамадан, Ханука, Хэллоуин, Ураза-байрам, Курбан-байрам",
  ],
  [
    "tr",
    "Yılbaşı, Ramazan Bayramı, Kurban Bayramı, Şeker Bayramı, Cumhuriyet Bayramı, Anneler Günü, Babalar Günü, Nevruz, Hıdırellez",
  ],
  [
    "ar",
    `رمضان, العيد, عيد الفطر, عيد الأضحى, عيد الميلاد المجيد, رأس السنة, المولد النبوي, عاشوراء, شم النسيم, عيد الأم, النوروز, عيد الفصح`,
  ],
  [
    "he",
    `פסח, חנוכה, פורים, סוכות, חג השבועות, ראש השנה, יום כיפור, ליל הסדר, יום העצמאות, ל״ג בעומר, ט״ו בשבט, שמחת תורה, רמדאן`,
  ],
  [
    "hi",
    "होली, दिवाली, दीवाली, दीपावली, ईद, रक्षाबंधन, नवरात्रि, दशहरा, करवा चौथ, गणेश चतुर्थी, जन्माष्टमी, क्रिसमस, रमज़ान",
  ],
  ["th", "สงกรานต์, ลอยกระทง, ปีใหม่, ตรุษจีน, คริสต์มาส, วันแม่, วันพ่อ, เข้าพรรษา, ออกพรรษา"],
  [
    "zh",
    `春节, 除夕, 元旦, 元宵节, 清明, 清明节, 端午, 端午节, 七夕, 七夕节, 中秋, 中秋节, 重阳节, 国庆, 国庆节, 圣诞, 圣诞节, 情人节, 母亲节, 父亲节, 感恩节, 万圣节`,
  ],
  [
    "ja",
    `お正月, 正月, 大晦日, 元旦, 節分, ひな祭り, 七夕, お盆, 七五三, 成人式, 母の日, 父の日, 敬老の日, ゴールデンウィーク, クリスマス, クリスマスイブ, ハロウィン,
    バレンタインデー, ホワイトデー`,
  ],
  [
    "ko",
    "설날, 추석, 단오, 정월대보름, 크리스마스, 어버이날, 어린이날, 한글날, 부처님오신날, 밸런타인데이, 핼러윈",
  ],
]);

const byLanguage = new Map<string, readonly string[]>();

/** The feasts of a language (ISO 639-1), the longest first; none of one that is not among them. */
export function feastsOf(language: string): readonly string[] {
  const known = byLanguage.get(language);
  if (known !== undefined) return known;
  const feasts = (lists.get(language) ?? "").split(",").map((feast) => feast.trim().replaceAll(/\s+/gu, " "));
  const longestFirst = feasts.filter(Boolean).toSorted((a, b) => b.length - a.length);
  byLanguage.set(language, longestFirst);
  return longestFirst;
}

/** The feasts of a language as the alternatives of a regular expression, the longest first; an apostrophe may have either shape. */
export function feastPattern(language: string): string {
  return feastsOf(language)
    .map((feast) => feast.replaceAll(".", String.raw`\.`).replaceAll("'", "['’]"))
    .join("|");
}
