/**
 * The names under which servers speak of what a list does not show, by kind. A name is compared by its letters and digits alone, so that
 * `has_more`, `hasMore` and `has-more` are one.
 */

const things =
  "(?:items?|results?|elements?|records?|hits?|memor(?:y|ies)|rows?|entr(?:y|ies)|objects?|match(?:es)?|documents?|docs)";

/** Words that a name may contain besides the one that marks it as a count. */
const qualifiers = `(?:all|grand|overall|full|collection|context|ctx|list|set|index|query|estimated|approximate|exact|real|actual|existing|stored|of|in|the|n|${things})`;
const counts = `(?:(?:total|full|overall|collection|context)size|totals?|count|(?:num(?:ber)?|no|nb)(?:of)?(?:found|total|${things})|available|found|matched|matching|filtered|cardinality)`;
const whole = new RegExp(
  `^(?:hydra|opensearch|odata|i)?(?:(?:${qualifiers})*${counts}(?:${qualifiers}|${counts})*|collectionsize|outof|of)$`,
);
/** Numbers with such a name within `total`, `counts` or `pagination` count as well. */
const counted = /^(?:value|all|records|hits|results|matches|memor(?:y|ies)|entries|documents|docs)$/;
const countParents = /^(?:totals?|counts?|pagination|paging|pageinfo|hits|found)$/;
const pageLimits =
  /^(?:limit|maxlimit|pagelimit|pagesize|perpage|itemsperpage|resultsperpage|maxresults|maxitems|maxcount|maxrecords|cap)$/;
const pageCounts = /^(?:totalpages?|pagecount|pagestotal|numpages|numberofpages|pages|lastpage|maxpage)$/;
const rests = new RegExp(`^(?:remaining|left|more|hidden|omitted|skipped)(?:pages|${things})?(?:count)?$`);
const cut =
  "(?:truncated|incomplete|partial|capped|clipped|cut|cutoff|limited|limitreached|limithit|limitexceeded|overflow|continues|continued)";
const mores = new RegExp(
  `^(?:(?:has|is|are|are?there|thereis|thereare)?(?:more|next|additional|older)(?:pages?|data|${things})?(?:available|exists?|follows?)?|(?:results?|list|items?|data|response|output|page)?(?:is|was|are)?${cut}(?:list|data|response|page|${things})?)$`,
);
const ends =
  /^(?:(?:is|at|on|has)?(?:the)?(?:last|final|end|complete|completed|exhausted|done|finished|everything|whole)(?:page|of(?:results|list|data|page)|reached|list|results|set|chunk|batch)?|(?:reached|has)end|eof|eol|all|all(?:shown|returned|loaded)|nomore(?:pages|results|data|items)?)$/;
const nexts =
  /^(?:odata)?next(?:records?|page|results?)?(?:link|links|url|uri|href|path|cursor|token|key|marker|id|offset|skip|start|index|from|after|maxid|sinceid|continuation|number)?$|^older(?:link|url|cursor)?$|^continuation(?:token|marker|key|cursor)?$|^(?:resume|resumption)(?:token|cursor)$|^lastevaluatedkey$|^nextpage(?:token|cursor|key|number|link|url)$/;
const linkParts = /^(?:href|url|uri|link|cursor|token|page|offset|after|key|id)$/;

/** Other subjects in an answer, whose numbers and flags are not about the list. */
const unrelatedSubjects =
  /^(?:rate.*|quota.*|usage.*|storage|user|account|owner|request|params|query|filters?|facets?|aggregations?|debug|timing|took|self|first|prev|previous)$/;

export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

export function isForeign(name: string): boolean {
  return unrelatedSubjects.test(name);
}

/** `total`, `meta.total`, `page.totalElements`, `hydra:totalItems`, `pagination.records`, and `total.value` of search servers. */
export function isTotal(name: string, parent: string): boolean {
  return (
    whole.test(name) ||
    (counted.test(name) && (countParents.test(parent) || (name === "value" && whole.test(parent))))
  );
}

/** The length of a page, or of the whole list. Inside of a `page` it is that of a page. */
export function isSize(name: string): boolean {
  return name === "size" || name === "length";
}

export function isPageLimit(name: string, parent: string): boolean {
  return pageLimits.test(name) || (name === "size" && parent === "page");
}

export function isPageCount(name: string, parent: string): boolean {
  return (
    pageCounts.test(name) ||
    ((name === "total" || name === "count") && parent === "pages") ||
    (name === "last" && /^(?:pagination|paging|pages?)$/.test(parent))
  );
}

/** The number of remaining items or pages. */
export function isRest(name: string): boolean {
  return rests.test(name);
}

/** A flag that says, when it is set, that more follows. */
export function isMore(name: string): boolean {
  return mores.test(name);
}

/** A flag that says, when it is set, that nothing follows. */
export function isEnd(name: string): boolean {
  return ends.test(name);
}

/** Where to go on: `next`, `next_cursor`, `nextPageToken`, `cursor.next`, `links.next.href`, `@odata.nextLink`. */
export function isNext(name: string, parent: string): boolean {
  return nexts.test(name) || (nexts.test(parent) && linkParts.test(name));
}

const failure = "(?:err|errors?|exceptions?|faults?|failures?|failed)";
const failures = new RegExp(
  `^(?:has|is|any|with|num|number|partial|internal|server|shards?|upstream)?(?:of)?${failure}(?:s|code|message|msg|text|details?|description|type|status|reason|count|name|occurred|shards?|sources?|partitions?|nodes?)?$`,
);
const failureFlags =
  /^(?:is|has|was|were)?(?:timedout|degraded|aborted|interrupted|cancelled|canceled|terminatedearly|terminated|unavailable)$/;
const outcomes = /^(?:is|was)?(?:ok|success|succeeded|successful|successfully)$/;
const statuses = /^(?:http|response|result)?(?:status|state|result|outcome|code)(?:code|text|name)?$/;

/** A name under which servers report an error: `error`, `errors`, `error_message`, `failed_shards`. */
export function isFailureName(name: string): boolean {
  return failures.test(name);
}

/** A flag that says, when it is set, that the server did not finish: `timed_out`. */
export function isFailureFlag(name: string): boolean {
  return failureFlags.test(name);
}

/** A flag that says, when it is not set, that the server failed: `success`. */
export function isOutcome(name: string): boolean {
  return outcomes.test(name);
}

/** A word or a number for the outcome: `status`, `code`. */
export function isStatus(name: string): boolean {
  return statuses.test(name);
}
