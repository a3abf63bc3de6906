/**
 * English words whose forms no stemmer brings together: the word, then its forms. Those that are more often another word are left out, such as `rose`,
 * `bit` and `wound`.
 */
const words = `beat beaten; become became; begin began begun; bend bent; bite bitten; bleed bled; blow blew blown; break broke broken; bring brought;
build built; burn burnt; buy bought; catch caught; choose chose chosen; come came; creep crept; deal dealt; dig dug; draw drew drawn; dream dreamt;
drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen; feed fed; feel felt; fight fought; find found; flee fled; fly flew flown;
forget forgot forgotten; forgive forgave forgiven; freeze froze frozen; get got gotten; give gave given; go goes went gone; grow grew grown; hang hung;
hear heard; hide hid hidden; hold held; keep kept; kneel knelt; know knew known; lead led; learn learnt; leave left; lend lent; lose lost; make made;
mean meant; meet met; pay paid; ride rode ridden; ring rang rung; rise risen; run ran; say said; see saw seen; seek sought; sell sold; send sent;
shake shook shaken; shine shone; show shown; shrink shrank; sing sang sung; sink sank sunk; sit sat; sleep slept; slide slid; speak spoke spoken;
spend spent; spill spilt; stand stood; steal stole stolen; stick stuck; strike struck; swear swore sworn; sweep swept; swim swam swum; swing swung;
take took taken; teach taught; tell told; think thought; throw threw thrown; understand understood; wake woke woken; wear wore worn;
weave wove woven; win won; write wrote written; child children; man men; woman women; foot feet; tooth teeth; goose geese; mouse mice; life lives;
wife wives; wolf wolves; knife knives; shelf shelves; half halves`;

/** By form, the word. */
export const irregularForms: ReadonlyMap<string, string> = new Map(
  words.split(/;\s+/u).flatMap((line) => {
    const [word = "", ...forms] = line.split(/\s+/u);
    return forms.map((form): [string, string] => [form, word]);
  }),
);
