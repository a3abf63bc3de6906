/**
 * What questions in a language are made of beside their subject, and what their answers are made of as well. English has a longer list of its own, in
 * `common-words.ts`.
 */
export const functionWordsByLanguage: ReadonlyMap<string, string> = new Map(
  Object.entries({
    de: `aber als am an auch auf aus bei bin bis da das dass dem den der des die dir doch du ein eine einem einen einer eines er es euch fur
    gab ging hab habe haben hat hatte hatten ich ihm ihn ihr ihre im in ist ja kann kein keine mein meine meinem meinen meiner mich mir mit
    nach nicht noch oder schon sein seine sich sie sind so uber um und uns unser unsere vom von vor wann war waren warum was welche welchem
    welchen welcher welches wem wen wer werden wessen wie wieviel wir wird wo wofur woher wohin womit worum wurde zu zum zur`,
    fr: `a ai au aux avec avez avons c ce cela ces cet cette combien comment d dans de des du elle elles en est et etait etaient ete etes eu fait
    il ils j je l la le les leur lui m ma mais me mes moi mon n ne nos notre nous on ont ou par pas pour pourquoi qu quand que quel quelle
    quelles quels qui quoi s sa se ses son sont sur t ta te tes toi ton tu un une va vont vos votre vous y`,
    es: `a al como con cual cuales cuando cuanta cuantas cuanto cuantos de del desde donde e el ella ellas ellos en era eran es esa ese eso esta
    estaba estan este esto estuvo fue fueron ha han hay he la las le les lo los me mi mis mucho muy nos nosotros o para pero por porque que
    quien quienes se ser si sin sobre son su sus te tiene tienen tu tus un una unas uno unos y ya yo`,
    it: `a abbiamo ad agli ai al alla alle allo anche c che chi ci come con cosa cui da dagli dai dal dalla dalle dei del della delle dello di dove
    e ed era erano ero gli ha hanno ho i il in io l la le lei li lo loro lui ma me mi mia mie miei mio ne nei nel nella nelle noi non o per
    perche piu qual quale quali quando quanta quante quanti quanto si sono stata stato su sua sue sui sul sulla suo suoi ti tu un una uno va
    vi voi`,
    pt: `a ao aos as com como da das de dela dele do dos e ela elas ele eles em era eram essa esse esta estava este eu foi foram ha isso isto
    ja lhe mais mas me meu meus minha minhas na nao nas no nos o onde os ou para pela pelo por porque qual quais quando quanta quantas quanto
    quantos que quem se sem seu seus sua suas tem te tinha um uma umas uns voce`,
    nl: `aan als bij ben dan dat de deed den der deze die dit dus een en er ga ging had hadden heb hebben heeft het hij hoe hoeveel hun ik in
    is ja je kan maar me met mij mijn naar niet nog nu of om onder ons onze ook op over te toen tot u uit uw van voor waar waarom waarover
    wanneer waren was wat we welk welke werd wie wij worden wordt zal ze zich zij zijn`,
    pl: `a albo ale bo byc byl byla byli bylo byly ci co czego czemu czy czyj dla dlaczego do gdy gdzie i ich ile im ja jak jaka jakie jaki
    jakiej jakim je jego jej jest jestem ju juz kiedy kim kogo komu kto ktora ktore ktorego ktory ktorym ma mam mi mial miala mnie moj moja
    moje moich na nad nam nas nie nim o od on ona oni ono oraz po pod przed przez przy sa sie skad swoj ta tak tam te tego tej ten to tu tym u
    w we z za ze`,
    ru: `а без более больше будет бы был была были было быть в вам вас вот все всего вы где да для до его ее ей ему если есть еще же за зачем
    и из или им их к как какая какие какии какого какои какую когда кого ко которая которые которыи кто куда ли меня мне мог мои моя мою мы
    на нам нас не него нее нет ни но ну о об он она они от откуда по под почему при про с сам своего свои свою себя сколько со так там
    тебя то того тоже только том ты у уже чего чеи чем что чтобы эта эти это этот я`,
    tr: `acaba ama bana ben beni benim bir biz bizim bu cok da daha de degil diye en ev gibi hangi hangisi her icin ile ise kac kadar ki kim
    kime kimi kimin mi mu ne neden nerede nereden nereye neyi nicin o olan oldu olarak olsa ona onu onun ve veya var ya`,
    ar: `ال اله الي التي الذي ان انا انت انه او اي اين ب به بها بعد بين تم ثم حتي دون ذلك على علي عن عند عندما فقط في فيه قبل قد كان كانت كل كم
    كيف ل لا لان لدي لقد لم لماذا له لها لي ما ماذا متي مع من منذ منه نحن هذا هذه هل هم هنا هناك هو هي و ولا ومن يكون`,
    he: `אבל או אותה אותו אותי אז אחרי איזה איזו איך איפה אל אם אני אנחנו את אתה בין בה בו גם הוא היא היה היו היתה הייתה הם הן זה זאת זו יש כי כל
    כמה כן לאן לה להם לו לי למה לנו לפני לא מאיפה מדוע מה מי מאין מתי עד עם על של שלה שלו שלי שלנו`,
    hi: `अपना अपनी अपने आप इस इसका इसके इसने उस उसका उसकी उसके उसने उन और एक ऐसा कब कर करना करने कहा कहां का कि कितना कितनी कितने किस किसका
    किसके किसने किसे की कुछ के को कोई कौन कौनसा क्या क्यों गई गए गया जब जो तक तो था थी थे ने पर भी मुझे मे में मेरा मेरी मेरे मैं मैने यह या ये रहा
    रही रहे वह वे से हम हमारा हमारे हमें हुआ हुई हुए है हैं हो हूं`,
    ko: `가 는 를 을 은 이 에 의 누가 누구 누구의 무엇 무엇을 뭐 뭘 어느 어디 어디서 어디에 어디에서 어땠어 어떤 어떻게 언제 얼마 얼마였지 왜 그 그리고 내 나 내가 나는 우리
    있어 있었지 했지 했어 하지 지`,
  }),
);
