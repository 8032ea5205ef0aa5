import fc from 'fast-check';

/** Random tests take the same turns in every run, unless a long run (KUBESAGE_FUZZ) is looking for new ones. */
if (process.env.KUBESAGE_FUZZ === undefined) fc.configureGlobal({ seed: 20_261 });
