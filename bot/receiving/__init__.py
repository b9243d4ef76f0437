"""An update on its way in: who may knock, which chat's turn it is, one transaction, the committed answer."""
