/**
 * What apps and libraries say about a key in words of their own, before they ask Google or after. It shows what they
 * think, and never what Google said. Matched against `plainWords`.
 */

/** The key is bad, says an app. Google's own words for it are others: `google-sentences.ts`. */
export const CALLED_BAD =
  /\bkey\W{0,3} (?:you (?:provided|entered) )?(?:is |was |are |has |seems |appears |looks )?(?:to be )?(?:either )?(?:not (?:valid|accepted|recogni[sz]ed|authori[sz]ed|working|correct)|invalid|incorrect|wrong|malformed|expired|revoked|disabled|inactive|rejected|refused|bad\b)|(?:invalid|incorrect|wrong|bad|expired|revoked|unauthori[sz]ed|malformed|rejected|unrecogni[sz]ed)[ _-](?:[\w.]{1,16}[ _-]){0,2}(?:api[ _-]?)?key\b|provide a valid (?:\w{1,12} )?api[ _-]?key|api[ _-]?key (?:was )?not found|(?:check|verify|validate|update|re-?enter) (?:that )?(?:your|the) (?:[\w.]{1,16} ){0,2}(?:api[ _-]?)?key|key (?:validation|verification|check) failed|could not (?:validate|verify) .{0,24}key/;

/** Said of a deleted key by Google, and of one that nobody has entered by apps. */
export const NO_SUCH_KEY = /api key not found/;

/** A key was looked for where a person puts one, and none was there. */
export const NOT_SET =
  /(?:key (?:was )?(?:not found|missing|not provided|not configured|undefined|empty)|no (?:[\w.]{1,16} ){0,2}(?:api[ _-]?)?key (?:found|provided|configured|set)).{0,120}\b(?:set|sets|setting|settings|enter|environment|env|variables?|configure|configuration|config|add|provide|export|sidebar|preferences|\.env)\b|\b(?:set|setting|settings|enter|environment|env|configure|configuration|config|export)\b.{0,80}key (?:was )?not found/;

/** An app that knows only the older type tests the prefix, and so refuses every key that Google makes today. */
export const PREFIX_TESTED =
  /\b(?:start|begin|prefix)\w{0,4}\b.{0,24}['"`]?aiza|aiza['"`.…*x]{0,12} (?:prefix|format|expected|required)|(?:expected|must be|should be|looks? like|format)\W.{0,40}['"`]aiza|pattern\W{1,4}aiza|\baq\.\S{0,60}.{0,40}(?:not (?:supported|accepted|valid|recogni[sz]ed)|unsupported|invalid|unknown|unrecogni[sz]ed)|(?:not support|unsupported|invalid|reject\w*|unrecogni[sz]ed).{0,60}\baq\./;

/** The form of a key, not the key, is what an app complains of. */
export const FORM_REFUSED =
  /(?:invalid|wrong|incorrect|unexpected|unrecogni[sz]ed) (?:[\w.]{1,16} ){0,3}key (?:format|prefix|length|pattern)|key (?:format|prefix|length|pattern) (?:is )?(?:invalid|wrong|incorrect|not)|key (?:has|with) an? (?:invalid|wrong|unexpected) (?:format|prefix|length)/;

/** An organisation's policy forbids keys, or their creation. */
export const FORBIDDEN_BY_POLICY =
  /disableserviceaccount(?:api)?keycreation|restrictapikey|custom_org_policy_violation|org(?:ani[sz]ation)?(?:al)? polic(?:y|ies) (?:.{1,60} )?(?:forbid|prohibit|den|disallow|block|restrict|prevent|violat)|(?:denied|blocked|violat\w{1,5}|disallowed|not allowed|forbidden|prohibited|restricted|prevented) by (?:an? |the |your )?org(?:ani[sz]ation)?(?:'s|al)? (?:polic|constraint)|violates? (?:an? |the |your )?(?:org\w{0,12} polic|constraint)|constraints?\/(?:iam|apikeys?|gcp)[\w./]{0,80}/;

/** The service account behind a key is switched off or gone. */
export const ACCOUNT_OFF =
  /service account .{0,120}\b(?:is |was |has been )(?:disabled|deleted|suspended)|service account (?:is |was )?(?:disabled|deleted)|account_state_invalid|account (?:has been |is |was )(?:disabled|deleted)\b/;
