#include <QTest>
class TransformerClaimsTest : public QObject { Q_OBJECT };
QTEST_GUILESS_MAIN(TransformerClaimsTest)
#include "transformer_claims_test.moc"
