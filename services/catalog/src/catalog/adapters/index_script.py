"""How a product's document takes in what was told about its offers and its rating, whatever the order and however often.

The scripts run inside the engine, on one document at a time. ``versions`` remembers the sequence of every part, also of offers
that are gone. The words of a product come from the offer with the smallest id, so that every order of arrival ends the same.
"""

OFFERS = """
def s = ctx._source;
if (s.versions == null) { s.versions = [:]; }
if (s.versions.offers == null) { s.versions.offers = [:]; }
if (s.offers == null) { s.offers = new ArrayList(); }
boolean changed = false;
for (def told : params.told) {
  def known = s.versions.offers[told.offer_id];
  if (known != null && ((Number) known).longValue() >= ((Number) told.sequence).longValue()) { continue; }
  changed = true;
  s.versions.offers[told.offer_id] = told.sequence;
  for (int i = s.offers.size() - 1; i >= 0; i--) {
    if (s.offers[i].offer_id == told.offer_id) { s.offers.remove(i); }
  }
  if (told.offer != null) { s.offers.add(told.offer); }
  if (s.versions.words_from == null || told.offer_id.compareTo(s.versions.words_from) <= 0) {
    s.versions.words_from = told.offer_id;
    s.putAll(told.product);
  }
  if (s.versions.labels == null) { s.versions.labels = [:]; }
  s.versions.labels[told.variant_id] = told.label;
}
if (!changed) {
  ctx.op = 'none';
} else {
  s.is_sold = s.offers.size() > 0;
  def fr = new TreeSet();
  def en = new TreeSet();
  for (def label : s.versions.labels.values()) { fr.add(label.fr); en.add(label.en); }
  s.variants = ['fr': new ArrayList(fr), 'en': new ArrayList(en)];
}
"""

RATING = """
def s = ctx._source;
if (s.versions == null) { s.versions = [:]; }
def known = s.versions.rating;
if (known != null && ((Number) known).longValue() >= ((Number) params.sequence).longValue()) {
  ctx.op = 'none';
} else {
  s.versions.rating = params.sequence;
  s.product_id = params.product_id;
  s.rating_count = params.count;
  s.rating_hundredths = params.hundredths;
  if (s.is_sold == null) { s.is_sold = false; }
}
"""
