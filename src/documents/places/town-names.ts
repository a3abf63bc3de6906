import { foldText } from "../../kernel/util/text.ts";

/**
 * What well-known towns are called in languages that the gazetteer does not speak, which has one name for each, mostly the English one: country, the
 * gazetteer's name, and the others. A name that differs in case and accents only needs no line.
 */
const lines = `
AT Vienna: Wien, Vienne, Viena, Bécs, Wenen, Vídeň
AE Abu Dhabi: Abu Zabi
AM Yerevan: Jerewan, Erevan, Erivan
AZ Baku: Bakou
BE Antwerp: Antwerpen, Anvers, Amberes, Anversa
BE Brussels: Brussel, Bruxelles, Brüssel, Bruselas, Bruxelas
BE Brugge: Bruges, Brügge, Brujas
BE Gent: Ghent, Gand, Gante
BE Liège: Lüttich, Luik, Lieja
BE Leuven: Louvain, Löwen, Lovaina
BG Sofia: Sofija, Sofía
BA Sarajevo: Sarajewo
CH Geneva: Genève, Genf, Ginevra, Ginebra, Genebra
CH Zürich: Zurigo, Zúrich, Zurique
CH Bern: Berne, Berna
CH Basel: Bâle, Basilea, Basileia
CH Luzern: Lucerne, Lucerna
CH Lausanne: Losanna
CN Beijing: Peking, Pékin, Pekín, Pechino, Pequim
CN Shanghai: Schanghai, Xangai
CN Guangzhou: Canton, Kanton
CZ Prague: Praha, Prag, Praga
CZ Brno: Brünn
CZ Pilsen: Plzeň
CU Havana: La Habana, Havanna, La Havane, L'Avana
CY Nicosia: Lefkosia, Nikosia, Nicosie, Lefkoşa
DE Berlin: Berlín, Berlino, Berlim
DE Munich: München, Monaco di Baviera, Múnich, Munique, Mnichov
DE Köln: Cologne, Koeln, Colonia, Colônia, Keulen
DE Nuremberg: Nürnberg, Nuernberg, Norimberga, Núremberg
DE Hamburg: Hambourg, Amburgo, Hamburgo
DE Frankfurt am Main: Frankfurt, Francfort, Francoforte
DE Hannover: Hanover, Hanovre
DE Aachen: Aix-la-Chapelle, Aquisgrán, Aquisgrana
DE Mainz: Mayence, Maguncia, Magonza
DE Trier: Trèves, Treviri
DE Regensburg: Ratisbon, Ratisbonne, Ratisbona
DE Braunschweig: Brunswick
DE Dresden: Dresde, Dresda
DE Leipzig: Lipsia
DE Düsseldorf: Duesseldorf
DK Copenhagen: København, Koebenhavn, Kopenhagen, Copenhague, Copenaghen
DK Århus: Aarhus
DZ Algiers: Alger, Algier, Argel, Algeri
EG Cairo: Kairo, Le Caire, El Cairo, Il Cairo, Al Qahirah
EG Alexandria: Alexandrie, Alejandría, Alessandria d'Egitto
ES Sevilla: Seville, Séville, Siviglia
ES Zaragoza: Saragossa, Saragosse, Saragozza
ES Barcelona: Barcelone, Barcellona
ES Córdoba: Cordova, Cordoue
ES Donostia / San Sebastián: San Sebastián, San Sebastian, Donostia, Saint-Sébastien
ES A Coruña: La Coruña, Corunna
FI Helsinki: Helsingfors, Helsinque
FI Turku: Åbo
FR Paris: Parigi, París, Parijs, Paříž
FR Marseille: Marseilles, Marsiglia, Marsella, Marselha
FR Lyon: Lyons, Lione
FR Nice: Nizza, Niza
FR Strasbourg: Straßburg, Strassburg, Strasburgo, Estrasburgo
FR Bordeaux: Burdeos, Bordéus
FR Toulouse: Tolosa
GB London: Londres, Londra, Londen, Londýn
GB Edinburgh: Édimbourg, Edimburgo
GE Tbilisi: Tiflis, Tbilissi
GR Athens: Athína, Athen, Athènes, Atenas, Atene, Athina
GR Thessaloníki: Salonica, Saloniki, Salónica, Salonicco, Thessalonique
HR Zagreb: Agram, Zagabria
HR Dubrovnik: Ragusa
HU Budapest: Budapeszt
IL Jerusalem: Yerushalayim, Jérusalem, Gerusalemme, Jerusalén
IT Rome: Roma, Rom, Řím, Rzym
IT Milan: Milano, Mailand, Milán, Milão
IT Venice: Venezia, Venedig, Venise, Venecia, Veneza
IT Florence: Firenze, Florenz, Florencia, Florença
IT Naples: Napoli, Neapel, Nápoles
IT Turin: Torino, Turín, Turim
IT Genoa: Genova, Genua, Gênes, Gênova
IT Bologna: Bologne, Bolonia, Bolonha
IT Padua: Padova, Padoue
IT Verona: Vérone
IT Siracusa: Syracuse, Syrakus
IT Palermo: Palerme
IT Mantua: Mantova, Mantoue
IT Bolzano: Bozen
IR Tehran: Teheran, Téhéran, Teherán
IE Dublin: Baile Átha Cliath, Dublín, Dublino, Dublim
IS Reykjavík: Reikiavik
JP Tokyo: Tokio, Tóquio, Tōkyō
JP Kyoto: Kioto, Quioto
KR Seoul: Séoul, Seúl, Seul
LT Vilnius: Wilna, Wilno
LU Luxembourg: Luxemburg, Luxemburgo, Lussemburgo
LV Riga: Rīga
MA Marrakesh: Marrakech, Marrakesch, Marraquexe
MA Tangier: Tanger, Tánger
MA Fes: Fez
MX Mexico City: Ciudad de México, Mexiko-Stadt, Cidade do México, Città del Messico
NL The Hague: Den Haag, 's-Gravenhage, La Haye, La Haya, L'Aia, Haia
NL Amsterdam: Ámsterdam, Amesterdão
NO Oslo: Kristiania
PL Warsaw: Warszawa, Warschau, Varsovie, Varsovia, Varsavia, Varsóvia
PL Kraków: Cracow, Krakau, Cracovie, Cracovia, Cracóvia
PL Gdańsk: Danzig
PL Wrocław: Breslau, Wroclaw
PL Łódź: Lodz, Lodsch
PL Poznań: Posen
PL Szczecin: Stettin
PT Lisbon: Lisboa, Lissabon, Lisbonne, Lisbona
PT Porto: Oporto
RO Bucharest: București, Bukarest, Bucarest, Bucareste
RS Belgrade: Beograd, Belgrad, Belgrado
RU Moscow: Moskva, Moskau, Moscou, Moscú, Mosca, Moscovo
RU Saint Petersburg: Sankt-Peterburg, Sankt Petersburg, St. Petersburg, Saint-Pétersbourg, San Petersburgo, Petersburg
SE Stockholm: Estocolmo, Stoccolma
SE Gothenburg: Göteborg, Gotemburgo
SI Ljubljana: Laibach, Lubiana
SK Bratislava: Pressburg, Pozsony
SY Damascus: Damaskus, Damas, Damasco, Dimashq
TR Istanbul: İstanbul, Constantinople, Estambul, Istambul
TR İzmir: Smyrna
UA Kyiv: Kiev, Kiew, Kijów
UA Lviv: Lvov, Lemberg, Lwów, Leópolis
UA Odesa: Odessa
US New York City: New York, Nueva York, Nova Iorque, Nova York, NYC
US New Orleans: La Nouvelle-Orléans, Nueva Orleans
US Philadelphia: Philadelphie, Filadelfia
US Los Angeles: Los Ángeles
VN Ho Chi Minh City: Saigon
`;

/** By a folded name in another language, the towns that it means: country and folded name in the gazetteer. */
export const foreignNames: ReadonlyMap<string, readonly string[]> = read();

function read(): Map<string, string[]> {
  const foreign = new Map<string, string[]>();
  for (const line of lines.split("\n").filter(Boolean)) {
    const [, country = "", own = "", others = ""] = /^(\w\w) ([^:]+): (.*)$/u.exec(line) ?? [];
    for (const other of others.split(", ").map(foldText))
      foreign.set(other, [...(foreign.get(other) ?? []), `${country} ${foldText(own)}`]);
  }
  return foreign;
}
