/**
 * What the rules know of each language besides English. All lists are of common words of the language, none is complete: rules take a word for a name
 * only where these, or a capital within a sentence, say so.
 */
export interface Lexicon {
  /** Labels of notes: no speaker. */
  labels: ReadonlySet<string>;
  /** Relatives, who stand for a person: in the forms in which they are spoken of. */
  kin: ReadonlySet<string>;
  /** Given names that are common where the language is spoken. */
  given: ReadonlySet<string>;
  /** Words before a name of a person: `Herr`, `доктор`, `الدكتور`. */
  titlesBefore: ReadonlySet<string>;
  /** Words behind a name of a person: `Bey`, `さん`, `जी`. */
  titlesAfter: ReadonlySet<string>;
  /** Words with capitals that are no names: times, units, forms of address. */
  noNames: ReadonlySet<string>;
  /** Names of cities and countries that people of the language speak of. */
  known: ReadonlySet<string>;
  /** Companies that people of the language speak of. */
  companies: ReadonlySet<string>;
  /** Common nouns before or behind the name of a place, which belong to it: `улица`, `路`, `शहर`. */
  placeNouns: ReadonlySet<string>;
}

type Words = { [Part in keyof Lexicon]?: string };

const lexicon = (words: Words): Lexicon => {
  const part = (name: keyof Lexicon) =>
    new Set(
      (words[name] ?? "")
        .split(/[\s]+/u)
        .filter(Boolean)
        .map((word) => word.replaceAll("_", " ")),
    );
  return {
    labels: part("labels"),
    kin: part("kin"),
    given: part("given"),
    titlesBefore: part("titlesBefore"),
    titlesAfter: part("titlesAfter"),
    noNames: part("noNames"),
    known: part("known"),
    companies: part("companies"),
    placeNouns: part("placeNouns"),
  };
};

const lexica: ReadonlyMap<string, Lexicon> = new Map([
  [
    "de",
    lexicon({
      labels: `idee ideen notiz notizen merken erinnerung aufgabe aufgaben frage antwort einkauf einkaufsliste liste plan termin wichtig achtung
        hinweis thema zitat nachtrag fazit ziel gedanke gedanken tagebuch traum rezept zutaten erledigt offen`,
      kin: "oma opa mama papa mutti vati mutter vater schwester bruder tante onkel großmutter großvater",
      given: `anna lena lea mia emma laura julia sarah lisa hannah sophie marie clara greta ida paula heike petra sabine ute katrin leon paul
        lukas jonas felix max moritz ben finn noah elias emil anton karl hans peter thomas michael andreas stefan markus jürgen klaus`,
      titlesBefore: "herr herrn frau dr prof doktor professor tante onkel oma opa",
      noNames: `montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar märz april mai juni juli august september oktober
        november dezember morgen mittag abend nacht vormittag nachmittag uhr minute minuten stunde stunden tag tage tagen woche wochen monat monate
        jahr jahre jahren zeit mal euro cent kilometer meter prozent heute gestern sie ihnen ihr ihre ihren herr herrn frau viertel hälfte anfang ende
        verspätung zwölften ersten zweiten dritten vierten fünften zehnten stück paar teil grund art weise dank bitte herzlichen`,
    }),
  ],
  [
    "fr",
    lexicon({
      labels: `idée idee note notes rappel tâche tache question réponse liste courses plan rendez-vous important remarque sujet citation but pensée
        pensées rêve recette ingrédients objectif`,
      kin: "mamie papi papy maman papa mémé pépé grand-mère grand-père",
      given: `marie camille léa chloé emma manon julie claire sophie élodie louise jeanne alice juliette inès lucie anne isabelle nathalie lucas hugo
        louis jules gabriel arthur léo paul pierre jean thomas antoine nicolas julien maxime mathieu philippe michel françois luc`,
      titlesBefore:
        "monsieur madame mademoiselle m mme mlle dr docteur professeur maître tante oncle mamie papi tata tonton",
      noNames: "je j'ai nous vous madame monsieur",
      placeNouns: "rue avenue boulevard place quai hôpital restaurant café lac parc musée gare",
    }),
  ],
  [
    "es",
    lexicon({
      labels: `idea ideas nota notas recordatorio tarea pregunta respuesta lista compras plan cita importante aviso tema objetivo sueño receta pendiente`,
      kin: "abuela abuelo abuelita abuelito mamá papá",
      given: `maría lucía carmen ana sofía paula marta laura elena isabel pilar rosa inés alba julia sara clara javier carlos josé juan luis miguel
        antonio manuel pablo diego daniel alejandro jorge andrés pedro rafael tomás mateo hugo`,
      titlesBefore:
        "señor señora señorita sr sra don doña dr dra doctor doctora profesor profesora tía tío abuela abuelo",
      noNames: "usted ustedes señor señora",
      placeNouns: "calle avenida plaza paseo hospital restaurante café lago parque museo estación",
    }),
  ],
  [
    "it",
    lexicon({
      labels: `idea idee nota note promemoria compito domanda risposta lista spesa piano appuntamento importante avviso tema obiettivo sogno ricetta`,
      kin: "nonna nonno mamma papà zia zio",
      given: `maria giulia sofia chiara francesca martina sara anna elena laura alessia giorgia elisa paola lucia marco luca matteo lorenzo
        alessandro andrea francesco davide giuseppe giovanni antonio paolo stefano roberto leo leonardo`,
      titlesBefore:
        "signor signora signorina sig sig.ra dottor dottoressa dott dott.ssa dr prof professor professoressa ingegner avvocato zia zio nonna nonno",
      noNames: "lei loro signor signora",
      placeNouns: "via viale piazza corso ospedale ristorante caffè lago parco museo stazione",
    }),
  ],
  [
    "pt",
    lexicon({
      labels: `ideia ideias nota notas lembrete tarefa pergunta resposta lista compras plano consulta importante aviso tema objetivo sonho receita`,
      kin: "avó avô vovó vovô mãe pai mamã papá",
      given: `maria ana inês beatriz mariana leonor matilde carolina sofia joana catarina rita marta helena luísa joão pedro tiago miguel diogo
        rui nuno paulo josé antónio francisco manuel luís carlos duarte tomás`,
      titlesBefore:
        "senhor senhora sr sra dr dra dom dona doutor doutora professor professora engenheiro tia tio avó avô",
      noNames: "você vocês senhor senhora segunda terça quarta quinta sexta",
      placeNouns: "rua avenida praça largo hospital restaurante café lago parque museu estação",
    }),
  ],
  [
    "nl",
    lexicon({
      labels: `idee notitie herinnering taak vraag antwoord lijst boodschappen plan afspraak belangrijk let_op onderwerp doel droom recept gedachte`,
      kin: "oma opa mama papa moeder vader tante oom",
      given: `emma sophie julia anna lisa eva sanne anouk femke lotte fleur iris maria jan piet kees daan sem lucas levi bram thijs pieter
        willem henk joost maarten jeroen tim`,
      titlesBefore: "meneer mevrouw dhr mevr dokter dr professor prof tante oom oma opa",
      noNames: "u uw meneer mevrouw",
      placeNouns: "straat laan plein ziekenhuis restaurant café meer park museum station",
    }),
  ],
  [
    "pl",
    lexicon({
      known: `warszawa kraków gdańsk wrocław poznań łódź lublin katowice szczecin polska wiedeń berlin londyn paryż rzym madryt lizbona praga
        budapeszt moskwa kijów lwów wilno ateny wenecja mediolan monachium hamburg amazonia ameryka włochy niemcy francja hiszpania`,
      companies: "siemens google facebook amazon microsoft",
      labels: `pomysł pomysły notatka przypomnienie zadanie pytanie odpowiedź lista zakupy plan wizyta ważne uwaga temat cel sen przepis`,
      kin: "babcia dziadek mama tata ciocia wujek",
      given: `zosia anna maria katarzyna małgorzata agnieszka barbara ewa magda kasia ola hania julia maja lena tomasz paweł piotr jan krzysztof
        andrzej michał marcin jakub adam staś marek wojtek bartek kuba`,
      titlesBefore: "pan pani doktor dr prof inżynier ciocia wujek babcia dziadek",
      noNames: "pan pani państwo",
      placeNouns: "ulica aleja plac szpital restauracja jezioro park muzeum dworzec",
    }),
  ],
  [
    "ru",
    lexicon({
      known: `москва петербург казань новосибирск екатеринбург самара омск сочи киев минск вена берлин лондон париж рим мадрид лиссабон прага
        варшава стамбул венеция милан мюнхен гамбург амазония америка россия италия германия франция испания`,
      companies: "сименс гугл яндекс",
      labels: `идея идеи заметка напоминание задача вопрос ответ список покупки план встреча важно внимание тема цель сон рецепт мысль`,
      kin: "бабушка дедушка мама папа тётя дядя",
      given: `лена анна мария ольга наташа наталья елена ирина татьяна света светлана юля катя даша соня вера надя аня таня саша александр алексей
        иван дмитрий сергей андрей павел миша михаил николай владимир пётр лёва лев игорь олег коля ваня юрий томас мартин`,
      titlesBefore: "доктор господин госпожа г-н г-жа профессор тётя тетя дядя бабушка дедушка",
      noNames: "вы вас вам вами ваш ваша ваше господин госпожа",
      placeNouns: "улица проспект площадь больница ресторан озеро парк музей вокзал",
    }),
  ],
  [
    "tr",
    lexicon({
      labels: `fikir not notlar hatırlatma görev soru cevap liste alışveriş plan randevu önemli dikkat konu hedef rüya tarif`,
      kin: "babaanne anneanne dede anne baba abla ağabey teyze hala amca dayı",
      given: `elif ayşe fatma zeynep merve esra selin deniz emine hatice ceren defne can mehmet mustafa ahmet ali hasan murat emre burak kemal
        cem ege yusuf ömer`,
      titlesBefore: "doktor dr sayın profesör prof",
      titlesAfter: "bey hanım hoca teyze amca dayı abla abi ağabey",
      noNames: "siz sizin",
      placeNouns:
        "sokağı caddesi bulvarı meydanı hastanesi lokantası gölü parkı müzesi istasyonu üniversitesi",
    }),
  ],
  [
    "ar",
    lexicon({
      known: `القاهرة الإسكندرية بيروت دمشق بغداد عمان الرياض جدة دبي أبوظبي الدوحة الكويت تونس الجزائر الرباط مراكش القدس مكة المدينة لندن باريس
        روما مدريد لشبونة برلين فيينا أثينا إسطنبول نيويورك مصر لبنان سوريا العراق الأردن المغرب ألمانيا فرنسا إيطاليا إسبانيا الأمازون النيل`,
      labels: "فكرة أفكار ملاحظة تذكير مهمة سؤال جواب قائمة تسوق خطة موعد مهم تنبيه موضوع هدف حلم وصفة",
      kin: "جدتي جدي أمي أبي أختي أخي خالتي عمتي خالي عمي جدة ماما بابا",
      given: `ليلى سامي باسم أحمد محمد حسن حسين خالد عمر يوسف إبراهيم كريم طارق ماجد نادر فاطمة مريم زينب نور سارة هدى سلمى رنا
        هند ريم دينا منى`,
      titlesBefore:
        "اسمه اسمها الدكتور الدكتورة دكتور دكتورة السيد السيدة الأستاذ الأستاذة المهندس الشيخ الحاج",
      placeNouns: "شارع مستشفى مطعم جامعة ميدان مقهى فندق بحيرة حديقة مدينة متحف محطة",
    }),
  ],
  [
    "he",
    lexicon({
      known: `ירושלים חיפה אילת נתניה אשדוד טבריה נצרת יפו לונדון פריז רומא מדריד ליסבון ברלין וינה אתונה איסטנבול פראג ישראל מצרים ירדן גרמניה
        צרפת איטליה ספרד האמזונס`,
      labels: "רעיון רעיונות הערה תזכורת משימה שאלה תשובה רשימה קניות תוכנית פגישה חשוב נושא מטרה חלום מתכון",
      kin: "סבתא סבא אמא אבא דודה דוד אחותי אחי",
      given:
        "נועה איתי יואב תמר מיכל שירה יעל רוני מאיה דנה רחל שרה רבקה דניאל יוסי משה דוד אבי עומר אורי גיל נועם איתן",
      titlesBefore: `בשם ד"ר ד״ר דוקטור מר גברת גב' פרופ' פרופסור הרב`,
      placeNouns: "רחוב שדרות מסעדת אוניברסיטת",
    }),
  ],
  [
    "hi",
    lexicon({
      known: `दिल्ली मुंबई पुणे कोलकाता चेन्नई बेंगलुरु हैदराबाद जयपुर लखनऊ आगरा वाराणसी गोवा भोपाल इंदौर लंदन पेरिस रोम बर्लिन वियना लिस्बन
        न्यूयॉर्क भारत जर्मनी फ़्रांस इटली अमेरिका नेपाल गंगा`,
      companies: "अमेज़न गूगल",
      labels: "विचार नोट याद काम सवाल प्रश्न उत्तर जवाब सूची ख़रीदारी योजना ज़रूरी ध्यान विषय लक्ष्य सपना",
      kin: "दादी दादा नानी नाना माँ पापा चाचा चाची मामा मामी मौसी बुआ भैया दीदी",
      given: `रिया आरव पवन प्रिया अंजलि राहुल अमित सुमित रवि विकास संजय अजय विजय अनिल सुनील राज कविता सुनीता गीता सीता पूजा नेहा दीपक
        मनोज रमेश सुरेश मोहन सोहन आदित्य अर्जुन मीरा राधा`,
      titlesBefore: "नाम डॉक्टर डॉ श्री श्रीमती सुश्री प्रोफ़ेसर पंडित",
      titlesAfter: "जी साहब भैया दीदी सर मैडम",
      placeNouns: "रोड मार्ग अस्पताल नगर चौक स्टेशन विश्वविद्यालय होटल",
    }),
  ],
  [
    "th",
    lexicon({
      known: `กรุงเทพ เชียงใหม่ ภูเก็ต พัทยา หัวหิน อยุธยา ขอนแก่น โคราช ลอนดอน ปารีส โรม เบอร์ลิน เวียนนา ลิสบอน โตเกียว สิงคโปร์ ไทย ญี่ปุ่น เยอรมนี ฝรั่งเศส`,
      labels: "ความคิด ไอเดีย บันทึก เตือน งาน คำถาม คำตอบ รายการ แผน นัด สำคัญ หมายเหตุ หัวข้อ เป้าหมาย ฝัน",
      kin: "ยาย ปู่ แม่ พ่อ",
      given: "สมชาย มาลี วิชัย สมศรี ประวิทย์ สมหญิง นภา อรุณ สุดา วิไล ชาติ ณัฐ พิมพ์",
      titlesBefore: "คุณ หมอ นาย นาง นางสาว อาจารย์ ครู พี่ น้อง ลุง ป้า ดร ชื่อ",
      placeNouns: "ถนน โรงพยาบาล ซอย วัด มหาวิทยาลัย จังหวัด อำเภอ เกาะ",
    }),
  ],
  [
    "zh",
    lexicon({
      known: `北京 上海 广州 深圳 杭州 南京 苏州 成都 重庆 武汉 西安 天津 青岛 大连 厦门 香港 台湾 台北 澳门 中国 日本 东京 伦敦 巴黎 罗马 柏林 维也纳 里斯本 马德里 纽约
        德国 法国 意大利 西班牙 美国`,
      labels:
        "想法 点子 笔记 备忘 提醒 任务 待办 问题 答案 清单 购物 计划 预约 重要 注意 主题 目标 梦 食谱 总结",
      kin: "奶奶 爷爷 外婆 外公 妈妈 爸爸 姥姥 姥爷 哥哥 姐姐 弟弟 妹妹 阿姨 叔叔 舅舅 姑姑",
      given: "李娜 小明 张伟 王芳 小红 小华 小丽 小刚",
      titlesAfter: "医生 经理 先生 女士 老师 小姐 太太 总 教授 师傅 阿姨 叔叔 主任 护士 律师 同学 大夫",
      placeNouns: "路 街 公园 医院 餐厅 大学 机场 广场 酒店 书店 寺 湖",
    }),
  ],
  [
    "ja",
    lexicon({
      known: `東京 大阪 京都 名古屋 札幌 福岡 神戸 横浜 広島 仙台 奈良 沖縄 北海道 日本 中国 韓国`,
      labels:
        "アイデア メモ ノート 覚書 思いつき リマインダー タスク 質問 答え 回答 リスト 買い物 計画 予定 予約 重要 注意 テーマ 目標 夢 レシピ まとめ",
      kin: "おばあちゃん おじいちゃん お母さん お父さん お姉さん お兄さん 母 父 祖母 祖父 妹 弟",
      given: "さくら ケンタ タケシ はな 太郎 花子 健太 陽菜 結衣 翔 蓮 葵 美咲 大輔",
      titlesAfter: "さん くん 君 ちゃん 様 先生 部長 課長 社長 氏 医師 教授 店長",
      noNames: "ユーロ キロ メートル センチ グラム ドル レッスン パーセント",
      placeNouns: "通り 駅 病院 公園 大学 空港 神社 寺 湖",
    }),
  ],
  [
    "ko",
    lexicon({
      known: `서울 부산 대구 인천 광주 대전 울산 제주 경주 전주 수원 한국 일본 중국 도쿄 런던 파리 로마 베를린 빈 리스본 마드리드 뉴욕 독일 프랑스 이탈리아 스페인 미국`,
      companies: "아마존 삼성 구글 네이버 카카오",
      labels:
        "아이디어 생각 메모 노트 알림 할일 할_일 질문 답 대답 목록 장보기 계획 약속 중요 주의 주제 목표 꿈 요리법",
      kin: "할머니 할아버지 엄마 아빠 어머니 아버지 이모 고모 삼촌 언니 오빠 누나 형",
      given: "지은 민준 준호 서연 민서 지우 하윤 서준 도윤 예준 지훈 현우 수진 민지 은지 영희 철수 지영",
      titlesAfter: "씨 님 선생님 부장님 사장님 교수님 과장님 대리님 팀장님 의사",
      placeNouns: "병원 공원 대학교 공항 광장",
    }),
  ],
]);

const nothing = lexicon({});

/** What is known of a language; nothing of one that is not among them. */
export function lexiconOf(language: string): Lexicon {
  return lexica.get(language) ?? nothing;
}

/** Labels of notes in any of the languages, in lower case. */
export const allLabels: ReadonlySet<string> = new Set(
  [...lexica.values()].flatMap(({ labels }) => [...labels]),
);
